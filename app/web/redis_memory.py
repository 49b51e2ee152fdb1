"""Functions that send Redis commands without redis-py's client, and the answer cache that uses them.

The client supports events, observers and retries, which the shop does not use and which take longer than
Redis takes to answer. Connections, their pool and the exceptions are still those of redis-py.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import msgpack
from flask_caching.backends.rediscache import RedisCache
from redis import ResponseError


def ask(redis: Any, *command: Any) -> Any:
    """Send one command to Redis and return the answer; raise RedisError if it fails.

    `redis` is a redis-py client; only its connection pool is used.
    """
    return ask_all(redis, command)[0]


def ask_all(redis: Any, *commands: tuple) -> list:
    """Send all `commands` to Redis in one round trip; return the answers, or raise the first error."""
    pool = redis.connection_pool
    connection = pool.get_connection()
    try:
        connection.send_packed_command(connection.pack_commands(commands))
        answers = [_answer(connection) for _ in commands]
    finally:
        pool.release(connection)
    for answer in answers:
        if isinstance(answer, ResponseError):
            raise answer
    return answers


def _answer(connection):
    try:
        return connection.read_response()
    except ResponseError as refused:
        return refused


class Data:
    """The serializer of cached values: MessagePack, because pickle may run code when it loads data."""

    def dumps(self, value: Any) -> bytes:
        return msgpack.packb(value)

    def loads(self, kept: bytes | None) -> Any:
        try:
            return None if kept is None else msgpack.unpackb(kept)
        except ValueError:
            return None


class RedisMemory(RedisCache):
    """Flask-Caching's Redis cache with fewer round trips; reading fails while Redis refuses writes."""

    serializer: Any = Data()

    def get_many(self, *keys: str) -> list:
        """Return the cached values of `keys`, None for each miss.

        Raise RedisError if Redis fails or refuses writes. A cache that can't be written may be outdated.
        """
        probe = ("SET", self.prefixed("can be written"), "", "EX", 60)
        _, kept = ask_all(self._read_client, probe, ("MGET", *map(self.prefixed, keys)))
        return self.loaded(kept)

    def set_many(self, mapping: Mapping[str, Any], timeout: Any = None) -> list:
        """Store the values of `mapping`, `{key: value}`, and return the keys.

        With `timeout=0`, the values never expire, and one command stores them all. If Redis refuses it,
        for example because its memory is full, the old values under these keys are deleted.
        """
        if timeout != 0:
            return super().set_many(dict(mapping), timeout)
        values = {self.prefixed(key): self.serializer.dumps(each) for key, each in mapping.items()}
        try:
            ask(self._write_client, "MSET", *chain.from_iterable(values.items()))
        except ResponseError:
            ask(self._write_client, "UNLINK", *values)
        return list(mapping)

    def prefixed(self, key: str) -> str:
        return self._get_prefix() + key

    def loaded(self, kept: list[bytes | None]) -> list:
        return [self.serializer.loads(each) for each in kept]
