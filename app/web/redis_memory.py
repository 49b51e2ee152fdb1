"""Functions that send Redis commands without redis-py's client, and the answer cache that uses them.

The client supports events, observers and retries, which the shop does not use and which take longer than
Redis takes to answer. Connections, their pool and the exceptions are still those of redis-py.
"""

import contextlib
import time
from collections import deque
from collections.abc import Mapping
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

import msgpack
from flask_caching.backends.rediscache import RedisCache
from redis import ConnectionError, ResponseError

LATE_SECONDS, MOST_LATER = 1, 100
_idle: WeakKeyDictionary[Any, list] = WeakKeyDictionary()  # connections by the pool that made them


def ask(redis: Any, *command: Any) -> Any:
    """Send one command to Redis and return the answer; raise RedisError if it fails.

    `redis` is a redis-py client; only its connection pool is used.
    """
    return ask_all(redis, command)[0]


def ask_all(redis: Any, *commands: tuple) -> list:
    """Send all `commands` to Redis in one round trip; return the answers, or raise the first error.

    A connection that has been used is kept here, because its pool locks, counts and looks at the socket
    each time that it hands it out. Redis may have closed it: then a new one is used.
    """
    pool = redis.connection_pool
    idle = _idle.setdefault(pool, [])
    try:
        kept = idle.pop()
    except IndexError:
        answers = _exchange(pool, idle, pool.get_connection(), commands)
    else:
        try:
            answers = _exchange(pool, idle, kept, commands)
        except ConnectionError:
            answers = _exchange(pool, idle, pool.get_connection(), commands)
    for answer in answers:
        if isinstance(answer, ResponseError):
            raise answer
    return answers


def _exchange(pool, idle, connection, commands):
    """Return the answers to the commands; add the connection to `idle` if it can be used again."""
    try:
        connection.send_packed_command(connection.pack_commands(commands))
        answers = [_answer(connection) for _ in commands]
    except BaseException:  # whatever it is, an answer may still come on this connection
        connection.disconnect()
        pool.release(connection)
        raise
    idle.append(connection)
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

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._later: deque[tuple[float, tuple]] = deque(maxlen=MOST_LATER)

    def get_many(self, *keys: str) -> list:
        """Return the cached values of `keys`, None for each miss.

        Raise RedisError if Redis fails or refuses writes. A cache that can't be written may be outdated.
        """
        probe = ("SET", self.prefixed("can be written"), "", "EX", 60)
        _, kept = ask_all(self._read_client, probe, ("MGET", *self.all_prefixed([*keys])))
        return self.loaded(kept)

    def set_later(self, key: str, value: Any, seconds: int) -> None:
        """Store a value for this time with the next commands to Redis: see `commands_to_send`."""
        command = "SET", self.prefixed(key), self.serializer.dumps(value), "EX", seconds
        self._later.append((time.monotonic(), command))

    def commands_to_send(self) -> list[tuple]:
        """Return, and forget, the commands of `set_later`; those that are older than a second are lost."""
        since, commands = time.monotonic() - LATE_SECONDS, []
        with contextlib.suppress(IndexError):
            while True:
                at, command = self._later.popleft()
                if at > since:
                    commands.append(command)
        return commands

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

    def all_prefixed(self, keys: list[str]) -> list[str]:
        prefix = self._get_prefix()
        return [prefix + key for key in keys]

    def loaded(self, kept: list[bytes | None]) -> list:
        return [self.serializer.loads(each) for each in kept]
