"""Guesses at filing passwords: few per provider and number, not many per number by all together (22).

A try is counted before the password is looked at, so that of many at once no more than allowed
pass, and taken back when it was right: only wrong ones count.
"""

from __future__ import annotations

import hashlib

from django.conf import settings

from beian.web.throttle import connection

SECONDS = 3600

_TAKE = """
for i = 1, #KEYS do
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i + 1]) then return i end
end
for i = 1, #KEYS do
  if redis.call('INCR', KEYS[i]) == 1 then redis.call('EXPIRE', KEYS[i], ARGV[1]) end
end
return 0
"""
_GIVE_BACK = """
for i = 1, #KEYS do
  if tonumber(redis.call('GET', KEYS[i]) or '0') > 0 then redis.call('DECR', KEYS[i]) end
end
"""


def take(isp_id: int, number: str) -> int | None:
    """Count a try at the password of `number`; gives the limit that is used up, None where it may be made."""
    limits = (settings.ENV.password_tries, settings.ENV.password_tries_overall)
    reached = int(connection().eval(_TAKE, 2, *_keys(isp_id, number), SECONDS, *limits))
    return limits[reached - 1] if reached else None


def give_back(isp_id: int, number: str) -> None:
    """The password was right: the try does not count."""
    connection().eval(_GIVE_BACK, 2, *_keys(isp_id, number))


def _keys(isp_id: int, number: str) -> tuple[str, str]:
    digest = hashlib.sha256(number.encode("utf-8", "surrogatepass")).hexdigest()
    return f"interface:password:{isp_id}:{digest}", f"interface:password:all:{digest}"
