"""A fuzzer that believes every word of the document finds nothing to say, whoever it is."""

import contextlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import create_app
from app.cli import demo
from app.database.session import db
from app.web.openapi import SWAGGER
from tests.conftest import SERVERS, a_database, migrated
from tests.documented_client import swagger
from tests.live import ROOT, serving

ROLES = ("customer", "mechanic", "manager")
# Who they are with fewer examples, on PostgreSQL alone; together they reach every operation.
FEW = ("customer", "manager")
# How many examples of each operation are made up; fewer where a change waits for them.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
MORE_EXAMPLES = 150  # of an operation that had no 2xx by chance
# The shop remembers, so Hypothesis soon meets another answer than before on its way along the links,
# and ends the phase: several seeds go several ways.
SEEDS = range(1981, 1981 + max(1, EXAMPLES // 20))
RUNS = [("examples,coverage,fuzzing", 1981), *(("stateful", seed) for seed in SEEDS)]


def operations():
    return {
        f"{method.upper()} {path}"
        for path, methods in swagger()["paths"].items()
        for method in methods.keys() & {"get", "put", "post", "patch", "delete"}
    }


@pytest.fixture
def shops(settings, request, tmp_path):
    """A live demo shop for each actor, so that what one of them breaks is nobody else's surprise."""
    kind = "sqlite" if settings["DATABASE_URL"].startswith("sqlite") else "postgres"
    roles = ROLES if EXAMPLES >= 100 else FEW
    if roles is FEW and kind == "sqlite":
        pytest.skip("with fewer examples on PostgreSQL alone: the document is the same")
    with contextlib.ExitStack() as stack:
        yield {
            role: _a_shop(stack, settings, request.config.stash[SERVERS], tmp_path, number, role)
            for number, role in enumerate(roles)
        }


def _a_shop(stack, settings, running, folder, number, role):
    if settings["DATABASE_URL"].startswith("sqlite"):
        own, workers = {"DATABASE_URL": f"sqlite:///{folder / role}.db"}, 1
    else:
        redis, workers = f"{running['Redis'].rpartition('/')[0]}/{number + 1}", 2
        own = {
            "DATABASE_URL": stack.enter_context(a_database(running["PostgreSQL"], role)),
            "CACHE_REDIS_URL": redis,
            "RATELIMIT_STORAGE_URI": redis,
        }
    environ = migrated(settings | own)
    with create_app(environ).app_context():
        demo.fill()
        db.engine.dispose()
    return environ, stack.enter_context(serving(environ, workers))


def fuzzed(role, environ, shop, folder):
    """What schemathesis found out as this actor: a report of each run, how often each answer came, and
    which share of the links it went along at most."""
    reports, answers, links = [], Counter(), []
    for phases, seed in RUNS:
        how = ("--phases", phases, "--seed", str(seed), "--max-examples", str(EXAMPLES))
        report, answered, said = one_run(role, environ, shop, folder, *how)
        reports.append(report)
        answers += answered
        links += re.findall(r"API Links: +(\d+) covered / \d+ selected / (\d+) total", said)
    return reports, answers, " of ".join(max(links, key=lambda share: int(share[0])))


def one_run(role, environ, shop, folder, *how):
    """Run schemathesis with the options `how`; return its report, its answers, and what it printed."""
    report, answered = folder / f"{role}.json", folder / f"{role}-answers.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(SWAGGER)),
            *("--url", f"http://127.0.0.1:{shop.port}", "--no-color"),
            *("--report", "json", "--report-json-path", str(report), *how),
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        | environ
        | {"FUZZED_AS": role, "FUZZED_ANSWERS": str(answered)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"as {role}: {done.stdout}{done.stderr}"
    return json.loads(report.read_text()), Counter(json.loads(answered.read_text())), done.stdout


def accepted(answers):
    """Return the operations that were answered with a 2xx; the first page only leads to another one."""
    return {answer[:-4] for answer in answers if answer[-3] == "2" or answer == "GET / 302"}


def asked_again(missed, shops, folder):
    """Make up more examples of the operations that had no 2xx by chance; return those that have one now."""
    ids = [
        operation["operationId"]
        for path, methods in swagger()["paths"].items()
        for method, operation in methods.items()
        if f"{method.upper()} {path}" in missed
    ]
    only = [option for each in ids for option in ("--include-operation-id", each)]
    how = ("--phases", "fuzzing", "--seed", "7", "--max-examples", str(MORE_EXAMPLES))
    found = set()
    for role in shops if ids else ():
        found |= accepted(one_run(role, *shops[role], folder, *how, *only)[1])
    return found


def test_every_operation_keeps_the_promises_of_the_document(shops, tmp_path, figures):
    with ThreadPoolExecutor(len(ROLES)) as fuzzers:
        runs = {role: fuzzers.submit(fuzzed, role, *shops[role], tmp_path) for role in shops}
    succeeded, shares = set(), []
    for role, run in runs.items():
        reports, answers, links = run.result()
        fine = accepted(answers)
        succeeded |= fine
        cases = [report["test_cases"]["generated"] for report in reports]
        figures(
            f"schemathesis as {role}: {cases[0]} cases of {reports[0]['operations']['tested']} operations, "
            f"{sum(cases[1:])} along links ({links} in one run), {sum(answers.values())} requests, "
            f"0 failed; {len(fine & operations())} operations with a 2xx; "
            f"{sum(report['running_time'] for report in reports):.0f} s"
        )
        assert reports[0]["operations"]["tested"] == len(operations())
        shares.append(links)
    succeeded |= asked_again(operations() - succeeded, shops, tmp_path)
    figures(f"schemathesis as all of them: {len(succeeded & operations())} operations with a 2xx")
    # A customer may create little that links lead on from, so that one of the roles is enough.
    assert not all(share.startswith("0 of") for share in shares)
    assert operations() - succeeded == set()
