"""Counting tries in Redis, so that all processes of a node count together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings

# One round trip, atomic: the window starts with the first try, and starts again when the last
# allowed one is used up, so that a pause is never shorter than the window.
_COUNT = """
local tries = redis.call('INCR', KEYS[1])
if tries == 1 or tries == tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return {tries, redis.call('TTL', KEYS[1])}
"""
_GIVE_BACK = "if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end"


@cache
def connection() -> redis.Redis:
    """Give this process's connection. Database 2: the cache may be cleared without forgetting locks."""
    return redis.Redis.from_url(f"{settings.ENV.redis_url}/2", socket_timeout=2, socket_connect_timeout=2)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a try is allowed, the how-many-eth it is, and in how many seconds counting starts anew."""

    allowed: bool
    tries: int
    retry_after: int


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `limit` tries in `seconds`, by key. `name` keeps one purpose apart from another."""

    name: str
    limit: int
    seconds: int

    def hit(self, *key: str) -> Verdict:
        """Count a try for `key` before it is made: of many at once, no more than `limit` pass.

        Raises `redis.RedisError` where Redis does not answer.
        """
        tries, remaining = connection().eval(_COUNT, 1, self._key(key), self.limit, self.seconds)
        return Verdict(tries <= self.limit, tries, max(remaining, 1))

    def give_back(self, *key: str) -> None:
        """Take a try for `key` back: it was none that counts."""
        connection().eval(_GIVE_BACK, 1, self._key(key))

    def clear(self, *key: str) -> None:
        """Forget the tries for `key`."""
        connection().delete(self._key(key))

    def _key(self, parts: tuple[str, ...]) -> str:
        """Hash: of one length whatever is typed, and no names in Redis."""
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        return f"throttle:{self.name}:{digest}"
