"""Checking a customer's own password in a body that changes the customer."""

from functools import wraps

from flask import g

from app.access.passwords import prove_password
from app.actors import Role
from app.web.auth import callers_address


def own_password_as_it_is(view):
    """Return the view with a check of the `password` in a body with which customers change themselves.

    Clients of earlier systems send all members, including the current password: it is accepted and
    dropped. Raise Forbidden for any other password, because PUT /auth/password sets a new one. Wrong
    passwords count as failed sign-ins, and TooManyAttempts is raised while the next one must wait, so
    that a stolen token can't be used to guess the password here.
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
