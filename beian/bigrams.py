"""Searching for a part of a text, answered by an index on the pairs of neighbouring characters.

The functions of the database, `bigrams` and `chinese_order`, stand in migration 0009.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Contains


class Searched(Func):
    """What is looked into, in small letters. Written as in the index, or the index would not be used."""

    template = "lower(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = models.TextField()


class Bigrams(Func):
    """The pairs of neighbouring characters of a text, for an index."""

    function = "bigrams"
    output_field = ArrayField(models.TextField())


class ChineseOrder(Func):
    """Text as a key that sorts Chinese by pinyin."""

    function = "chinese_order"
    output_field = models.TextField()


class _HasBigrams(Func):
    """Whether a text holds all pairs of neighbouring characters of another; the index answers it."""

    template = "(bigrams(%(expressions)s))"
    arg_joiner = ") @> bigrams("
    output_field = models.BooleanField()
    conditional = True


def holds(text: str, *fields: str) -> Q:
    """Match rows whose `fields` hold `text`, whichever the case of its letters.

    Fast only where an index stands on the bigrams of exactly these fields in this order.
    """
    text = text.strip().lower()
    searched: Any = Searched(*(F(field) for field in fields))
    found = Q(Contains(searched, Value(text)))
    if len(text) > 1:  # one character has no bigram; there the rows themselves are read
        found &= Q(_HasBigrams(searched, Value(text)))
    return found
