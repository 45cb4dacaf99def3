"""The documents that travel, read into records and written from them.

The wire's abbreviated pinyin names stand here and in `schemas/`, nowhere else. `fields` holds the
kinds of pairs (an element and an attribute of a record); `filings`, `results` and `returns` pair
each name with an attribute once, for reading and writing; `upload` and `download` are the whole
documents.
"""
