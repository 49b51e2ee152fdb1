"""Redis, asked by one command and with nothing around it.

redis-py's client looks for events, observers and retries, of which the shop has none: that takes it longer
than Redis takes to answer. Connections, their pool and their errors are redis-py's.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from flask_caching.backends.rediscache import RedisCache


def ask(redis: Any, *command: Any) -> Any:
    """What Redis answers, or RedisError."""
    pool = redis.connection_pool
    connection = pool.get_connection()
    try:
        connection.send_command(*command)
        return connection.read_response()
    finally:
        pool.release(connection)


class RedisMemory(RedisCache):
    """Flask-Caching's store."""

    def get_many(self, *keys: str) -> list:
        return self.loaded(ask(self._read_client, "MGET", *map(self.prefixed, keys)))

    def set_many(self, mapping: Mapping[str, Any], timeout: Any = None) -> list:
        """What is to stay, by one MSET rather than a command for each."""
        if timeout != 0:
            return super().set_many(dict(mapping), timeout)
        said = {self.prefixed(key): self.serializer.dumps(each) for key, each in mapping.items()}
        ask(self._write_client, "MSET", *chain.from_iterable(said.items()))
        return list(mapping)

    def prefixed(self, key: str) -> str:
        return self._get_prefix() + key

    def loaded(self, told: list[bytes | None]) -> list:
        return [self.serializer.loads(each) for each in told]
