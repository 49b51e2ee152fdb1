"""A customer's own password in a body that changes the customer."""

from functools import wraps

from flask import g

from app.access.passwords import prove_password
from app.actors import Role
from app.web.auth import callers_address


def own_password_as_it_is(view):
    """Take a customer's own password where it is the one it signs in with; PUT /auth/password sets another.

    Earlier clients send everything they know. It is looked at before the act begins, as a sign-in is, and
    counted like one: else whoever finds a token could guess the password here.
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
