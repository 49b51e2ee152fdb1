"""Refusals about signing in and accounts."""

from app.errors.base import ShopError
from app.errors.http import Unauthenticated


class WrongCredentials(Unauthenticated):
    """The e-mail address and the password do not belong together, here.

    Check both, and that customers and staff sign in where they may; `POST /auth/login` takes anyone.
    """

    code = "wrong_credentials"


class WrongPassword(ShopError):
    """The current password is not this one; it stays as it was.

    Send the password you sign in with as `current_password`.
    """

    status, code = 403, "wrong_password"


class EmailTaken(ShopError):
    """This e-mail address is in use.

    Sign in with it, or ask the shop to open a sign-in for it.
    """

    status, code = 409, "email_taken"


class TooManyAttempts(ShopError):
    """Too many wrong passwords in a row for this e-mail address.

    Wait for as many seconds as `Retry-After` says; until then no password is looked at.
    """

    status, code = 429, "too_many_attempts"

    def __init__(self, seconds: int = 1):
        super().__init__(f"Too many wrong passwords. Try again in {seconds} s.")
        self.headers = {"Retry-After": str(seconds)}
