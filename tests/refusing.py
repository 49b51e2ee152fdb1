"""Two ways to make a Redis refuse writes: it is full, or it is a replica."""

import contextlib

from redis import Redis

NOBODY = ("127.0.0.1", 1)


@contextlib.contextmanager
def full(redis: Redis):
    redis.config_set("maxmemory", 1)
    try:
        yield
    finally:
        redis.config_set("maxmemory", 0)


@contextlib.contextmanager
def read_only(redis: Redis):
    redis.replicaof(*NOBODY)
    try:
        yield
    finally:
        redis.replicaof("NO", "ONE")


REFUSALS = (full, read_only)
