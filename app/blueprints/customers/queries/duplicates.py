"""Possible duplicates of a customer: records with the same name, phone number or e-mail address."""

from sqlalchemy import and_, bindparam, select, union_all
from sqlalchemy.orm import aliased

from app.actors import Actor, Role
from app.blueprints.customers.queries.customers import HAS_ACCOUNT, customer
from app.blueprints.customers.schemas import CustomerOut
from app.database.statements import Row, fetch
from app.folding import sort_key
from app.lists.columns import columns_for
from app.models import Customer, Kind, SearchTerm
from app.models.marks import whole_phones
from app.permissions import ACTOR_PLACEHOLDER, customers_visible_to

AT_MOST = 20


def duplicates(actor: Actor, customer_id: int) -> dict:
    """Return `{items}`: up to 20 customers with the same name, e-mail or phone, most similar first."""
    this = customer(actor, customer_id)
    alike = fetch(ALIKE, customer_id=customer_id, name=sort_key(this["name"]))
    found = [other | {"agrees_in": agreement(this, other)} for other in alike]
    items = [each for each in found if each["agrees_in"]]
    return {"items": sorted(items, key=lambda each: -len(each["agrees_in"]))[:AT_MOST]}


def agreement(this: Row, other: Row) -> list[str]:
    """Return those of `name`, `phone` and `email` in which two customers agree, regardless of spelling.

    `this` and `other` are the rows of the two customers.
    """
    theirs = _known(other)
    return [name for name, known in _known(this).items() if known & theirs[name]]


def _known(row: Row) -> dict[str, set[str]]:
    return {
        "name": {sort_key(row["name"])},
        "phone": whole_phones(row["phone"] or ""),
        "email": {row["email"]} - {None},
    }


def _alike():
    """Return the query for possible duplicates: customers with the same name, phone or e-mail.

    The customer's id and name are parameters of the query. It uses the index of names, and the search
    terms for exact matches of phone and e-mail (WHOLE_CUSTOMER).
    """
    staff = ACTOR_PLACEHOLDER[Role.MECHANIC]
    others = customers_visible_to(staff).where(Customer.id != bindparam("customer_id"))
    ids, own = others.with_only_columns(Customer.id).order_by(Customer.id), aliased(SearchTerm)
    named = ids.where(Customer.name_sort == bindparam("name")).limit(AT_MOST)
    same_words = (
        select(SearchTerm.row_id)
        .join(own, and_(own.kind == SearchTerm.kind, own.word == SearchTerm.word))
        .where(own.row_id == bindparam("customer_id"), own.kind == int(Kind.WHOLE_CUSTOMER))
    )
    reached = ids.where(Customer.id.in_(same_words)).limit(AT_MOST)
    either = union_all(select(named.subquery()), select(reached.subquery())).subquery()
    columns = columns_for(CustomerOut, staff, has_account=HAS_ACCOUNT)
    query = others.with_only_columns(*columns).where(Customer.id.in_(select(either.c.id)))
    return query.order_by(Customer.id)


ALIKE = _alike()
