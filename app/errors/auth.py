"""Exceptions with which requests about signing in and accounts are refused."""

from app.errors.base import ShopError
from app.errors.http import Unauthenticated


class WrongCredentials(Unauthenticated):
    """The e-mail address or the password is wrong, or this account may not sign in here.

    Check the address and the password. Customers and staff have separate sign-ins; `POST /auth/login`
    accepts any account.
    """

    code = "wrong_credentials"


class WrongPassword(ShopError):
    """The current password is wrong, so the password was not changed.

    Send the password you sign in with as `current_password`.
    """

    status, code = 403, "wrong_password"


class EmailTaken(ShopError):
    """This e-mail address is in use.

    Sign in with it, use another one, or ask the shop to set a password for it.
    """

    status, code = 409, "email_taken"


class TooManyAttempts(ShopError):
    """Too many wrong passwords in a row for this e-mail address.

    Wait for the number of seconds in `Retry-After`; until then no password is checked.
    """

    status, code = 429, "too_many_attempts"

    def __init__(self, seconds: int = 1):
        super().__init__(f"Too many wrong passwords. Try again in {seconds} s.")
        self.headers = {"Retry-After": str(seconds)}
