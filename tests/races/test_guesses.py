"""Guessing from many places at once buys no extra guess."""

from collections import Counter

from app.models.accounts import FREE_ATTEMPTS
from app.passwords import AT_ONCE, WAITING


def test_of_forty_guesses_at_once_five_are_looked_at(live, figures):
    live.token = None
    said = {"email": "alice@example.com", "password": "a wrong guess"}
    crowd = AT_ONCE + WAITING  # so that each finds a place in line, whichever worker it meets

    answers = live.all_at_once(crowd, [("POST", "/auth/login", said)] * 40)

    told = Counter(status for status, _, _ in answers)
    figures(f"40 guesses at once: {told[401]} looked at, {told[429]} told to wait")
    assert told == {401: FREE_ATTEMPTS, 429: 40 - FREE_ATTEMPTS}
    assert live.ask("POST", "/auth/login", said)[0] == 429
