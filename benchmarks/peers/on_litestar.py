"""A server on Litestar, asyncpg and msgspec."""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import asyncpg
import jwt
import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.params import Parameter

from benchmarks.peers import litestar_queries as queries
from benchmarks.peers.litestar_answers import Line, Page, Pagination, Part, Ticket

SECRET_KEY = os.environ["SECRET_KEY"]
KEPT_SECONDS = 60
PerPage = Annotated[int, Parameter(ge=1, le=100)]


class PartUse(msgspec.Struct):
    quantity_used: Annotated[float, msgspec.Meta(gt=0)] = 1


def signed_in(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    """Refuse a request without a valid token; `request.state.account_id` is whose it is."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer":
        raise NotAuthorizedException("Send a bearer token.")
    try:
        claims = jwt.decode(
            token,
            SECRET_KEY,
            algorithms=["HS256"],
            issuer="mechanic-shop",
            audience="mechanic-shop-api",
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.InvalidTokenError:
        raise NotAuthorizedException("The token is not valid.") from None
    connection.state.account_id = int(claims["sub"])


@get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@get("/service-tickets", guards=[signed_in])
async def tickets(
    state: State,
    per_page: PerPage = 20,
    cursor: str | None = None,
    opened_from: datetime | None = None,
) -> Page[Ticket]:
    after = _last_id(cursor) if cursor else 0
    async with state.pool.acquire() as connection:
        found = await queries.tickets(connection, after, per_page + 1, opened_from)
    items = found[:per_page]
    return Page(items, _pagination(items, per_page, len(found) > per_page, cursor is not None))


@get("/service-tickets/{ticket_id:int}", guards=[signed_in])
async def ticket(request: Request, state: State, ticket_id: int) -> Response[Ticket | None]:
    known = request.headers.get("if-none-match")
    async with state.pool.acquire() as connection:
        if known and known == f'"{await queries.version(connection, ticket_id)}"':
            return Response(None, status_code=304, headers={"ETag": known})
        found = await queries.ticket(connection, ticket_id)
    return Response(found, headers={"ETag": f'"{found.version}"'})


@get("/inventory", guards=[signed_in], cache=KEPT_SECONDS)
async def parts(
    state: State, page: Annotated[int, Parameter(ge=1)] = 1, per_page: PerPage = 20
) -> Page[Part]:
    async with state.pool.acquire() as connection:
        items, total = await queries.parts(connection, page, per_page)
    about = _pagination(items, per_page, page * per_page < total, page > 1)
    about.page, about.total, about.total_is_exact = page, total, True
    about.total_pages = -(-total // per_page)
    return Page(items, about)


@post("/service-tickets/{ticket_id:int}/parts/{part_id:int}", guards=[signed_in])
async def use_part(
    request: Request, state: State, ticket_id: int, part_id: int, data: PartUse
) -> Line:
    quantity = round(100 * data.quantity_used)
    async with state.pool.acquire() as connection, connection.transaction():
        return await queries.use_part(
            connection, request.state.account_id, ticket_id, part_id, quantity
        )


def _pagination(items: list[Any], per_page: int, has_next: bool, has_prev: bool) -> Pagination:
    after = _cursor(items[-1].id) if has_next else None
    return Pagination(per_page=per_page, has_next=has_next, has_prev=has_prev, next_cursor=after)


def _cursor(last_id: int) -> str:
    return (
        base64.urlsafe_b64encode(msgspec.json.encode(["id", last_id, last_id])).decode().rstrip("=")
    )


def _last_id(cursor: str) -> int:
    return int(msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=="))[2])


@asynccontextmanager
async def with_pool(app: Litestar) -> AsyncIterator[None]:
    """Open the pool of connections; PGHOST, PGPORT, PGUSER and PGDATABASE say where they go."""
    async with asyncpg.create_pool(min_size=1, max_size=10) as app.state.pool:
        yield


app = Litestar(
    [healthz, tickets, ticket, parts, use_part], lifespan=[with_pool], openapi_config=None
)
