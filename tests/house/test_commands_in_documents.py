"""Every command that a document names is one, with options that it has."""

import re

import pytest

from app import create_app
from tests.live import ROOT
from tests.system.clients.test_newman import NEWMAN

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
FLASK = create_app({"FLASK_ENV": "testing"}).cli
# Flask's own, which its command line adds.
OF_FLASK = {"run", "db"}
DEV = re.compile(r"python3 dev\.py(?: ([a-z-]+))?")
OF_SHOP = re.compile(r"(?<![\w.])flask ([a-z-]+)((?: --?[a-z-]+)*)")


def commands(path):
    """Return the lines of code blocks, and what stands in backticks."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()] + re.findall(
        r"`([^`\n]+)`", text
    )


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_is_one(path):
    for line in commands(path):
        for name in DEV.findall(line):
            assert name in ("", "test", "bench", "lint", "flask", "help", "--empty"), line
        for name, options in OF_SHOP.findall(line):
            assert name in OF_FLASK or name in FLASK.commands, line
            params = getattr(FLASK.commands.get(name), "params", [])
            known = {option for each in params for option in each.opts}
            if name not in OF_FLASK:
                assert set(options.split()) <= known, line
        if "newman@" in line:
            assert NEWMAN in line, line


def test_they_are_found():
    found = "\n".join(line for path in DOCUMENTS for line in commands(path))
    for name in ("dev.py test --slow", "flask backup", "flask restore --replace", "newman@"):
        assert name in found
