"""Keys are changed under load: two shops on one database, one step apart, and nobody is signed out."""

import contextlib
import subprocess
import sys
from collections import Counter
from itertools import count
from threading import Event, Thread

import pytest

from tests.factories import PASSWORD, a_manager, a_part, a_ticket, on_shelf
from tests.keys import a_key_pair
from tests.live import ROOT, LiveShop, environment, wait_until_ready
from tests.servers import free_port

OLD = "an old secret for the tests that is long enough"
NEW = "a new secret for the tests that is as long"
CLIENTS, REFRESHED_EVERY = ("Alice", "Bob", "Charlie", "Dana"), 5


def secrets():
    yield {"SECRET_KEY": OLD}
    yield {"SECRET_KEY": OLD, "SECRET_KEYS_ACCEPTED": NEW}
    yield {"SECRET_KEY": NEW, "SECRET_KEYS_ACCEPTED": OLD}
    yield {"SECRET_KEY": NEW}


def pairs():
    (old, old_public), (new, new_public) = a_key_pair(), a_key_pair()
    first = {"JWT_ALG": "RS256", "JWT_PRIVATE_KEY": old, "JWT_PUBLIC_KEY": old_public}
    last = first | {"JWT_PRIVATE_KEY": new, "JWT_PUBLIC_KEY": new_public}
    yield first
    yield first | {"JWT_PUBLIC_KEYS_ACCEPTED": new_public}
    yield last | {"JWT_PUBLIC_KEYS_ACCEPTED": old_public}
    yield last


class Street:
    """Two shops side by side, and who goes to the one and the other by turns."""

    def __init__(self, settings, stack, clients):
        self.settings, self.stack = settings, stack
        self.open, self.servers = [], []
        self.told = {name: Counter() for name in clients}
        self.rounds, self.acts = dict.fromkeys(clients, 0), dict.fromkeys(clients, 0)
        self.over = Event()

    def renew(self, keys):
        """A shop with these keys opens, and then the oldest of two closes, as hosts do it."""
        port = free_port()
        environ = environment(self.settings | keys) | {"PORT": str(port)}
        command = [sys.executable, "-m", "gunicorn", "flask_app:app", "--bind", f"127.0.0.1:{port}"]
        server = subprocess.Popen(command, cwd=ROOT, env=environ)
        self.stack.callback(server.wait, 40)
        self.stack.callback(server.terminate)
        shop = LiveShop(port, server)
        wait_until_ready(shop)
        self.servers.append(server)
        self.open = [*self.open, shop][-2:]
        if len(self.servers) > 2:
            self.rest()  # who is inside is served
            self.servers.pop(0).terminate()

    def rest(self):
        """Until every client has taken up new tokens and gone to each shop."""
        wanted = {name: done + 2 * REFRESHED_EVERY for name, done in self.rounds.items()}
        pause = Event()
        while any(self.rounds[name] < rounds for name, rounds in wanted.items()):
            assert not self.over.is_set(), "a client has given up"
            pause.wait(0.05)

    def visit(self, name, email, use):
        """Sign in once, and then look, use a part twice by one key, and refresh: anywhere."""
        shops = (self.open[n % len(self.open)] for n in count())
        said = {"email": email, "password": PASSWORD}
        tokens = next(shops).ask("POST", "/auth/login", said)[2]
        told = self.told[name]
        try:
            while not self.over.is_set():
                bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
                told[next(shops).ask("GET", "/auth/me", **bearer)[0]] += 1
                if self.rounds[name] % REFRESHED_EVERY == 0:
                    keyed = bearer | {"Idempotency-Key": f"{name}-{self.rounds[name]}"}
                    lines = [next(shops).ask("POST", use, {}, **keyed) for _ in range(2)]
                    assert len({line["id"] for _, _, line in lines}) == 1
                    refreshed = {"refresh_token": tokens["refresh_token"]}
                    pair = [next(shops).ask("POST", "/auth/refresh", refreshed) for _ in range(2)]
                    told.update(answer[0] for answer in (*lines, *pair))
                    tokens = pair[1][2]
                    assert pair[0][2]["refresh_token"] == tokens["refresh_token"]
                    self.acts[name] += 1
                self.rounds[name] += 1
        finally:
            self.over.set()


@pytest.mark.parametrize("steps", [secrets, pairs], ids=["HS256", "RS256"])
def test_nobody_is_signed_out_while_keys_are_changed(app, settings, figures, steps):
    """The three steps of the README, one shop after the other."""
    marge, part = a_manager(PASSWORD), a_part(100_000)
    use = f"/service-tickets/{a_ticket().id}/parts/{part.id}"
    first, *others = steps()
    with contextlib.ExitStack() as stack:
        street = Street(settings, stack, CLIENTS)
        street.renew(first)
        street.renew(first)
        crowd = [Thread(target=street.visit, args=(name, marge.email, use)) for name in CLIENTS]
        for client in crowd:
            client.start()
        try:
            for keys in others:
                street.renew(keys)
                street.renew(keys)
            street.rest()
        finally:
            street.over.set()
            for client in crowd:
                client.join(30)

    told, acts = sum(street.told.values(), Counter()), sum(street.acts.values())
    said = ", ".join(f"{n} x {status}" for status, n in sorted(told.items()))
    figures(f"keys changed in 6 restarts: {said}; {acts} acts sent twice")
    assert set(told) == {200, 201}
    assert on_shelf(part) == 100_000 - acts
