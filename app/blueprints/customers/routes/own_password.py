"""A check of the password in a request with which customers change their own data."""

from functools import wraps

from flask import g

from app.access.passwords import prove_password
from app.actors import Role
from app.web.auth import callers_address


def own_password_as_it_is(view):
    """Return the view with a check of `password` in requests of customers who change their own data.

    Clients of earlier systems send all members, including the current password. That password is
    accepted, and not passed to the view. Raise Forbidden for any other password, because PUT
    /auth/password sets a new one.

    Wrong passwords count as failed sign-ins, so that a stolen token can't be used to guess the password.
    Raise TooManyAttempts while the next attempt must wait. Passwords that staff send are passed to the
    view.
    """

    @wraps(view)
    def looked_at(*args, password=None, **facts):
        whose = facts.get("customer_id", g.actor.customer_id)
        if password is not None and g.actor.role is Role.CUSTOMER and whose == g.actor.customer_id:
            prove_password(g.actor, password=password, from_address=callers_address())
        elif password is not None:
            facts["password"] = password
        return view(*args, **facts)

    return looked_at
