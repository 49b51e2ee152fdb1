"""Redis, asked by one command and with nothing around it.

redis-py's client looks for events, observers and retries, of which the shop has none: that takes it longer
than Redis takes to answer. Connections, their pool and their errors are redis-py's.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import msgpack
from flask_caching.backends.rediscache import RedisCache
from redis import ResponseError


def ask(redis: Any, *command: Any) -> Any:
    """Return what Redis answers, or raise RedisError."""
    return ask_all(redis, command)[0]


def ask_all(redis: Any, *commands: tuple) -> list:
    """Return what Redis answers to each of these commands, sent in one trip, or raise its first error."""
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
    """What is kept, as MessagePack: bytes that somebody else wrote are data, and run nothing."""

    def dumps(self, value: Any) -> bytes:
        return msgpack.packb(value)

    def loads(self, kept: bytes | None) -> Any:
        try:
            return None if kept is None else msgpack.unpackb(kept)
        except ValueError:
            return None


class RedisMemory(RedisCache):
    """Flask-Caching's store."""

    serializer: Any = Data()

    def get_many(self, *keys: str) -> list:
        """Return what is kept, or raise RedisError where Redis can't be written to."""
        probe = ("SET", self.prefixed("can be written"), "", "EX", 60)
        _, kept = ask_all(self._read_client, probe, ("MGET", *map(self.prefixed, keys)))
        return self.loaded(kept)

    def set_many(self, mapping: Mapping[str, Any], timeout: Any = None) -> list:
        """Keep what is to stay, by one MSET; a Redis without room forgets what was there, at least."""
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
