"""The return codes of calls that the code names, and what an operation's refusal looks like."""

from __future__ import annotations

from enum import IntEnum

from beian.result_codes import message


class Code(IntEnum):
    """A return code (0 to 999)."""

    OK = 0
    NOTHING_TO_DOWNLOAD = 2
    NO_SUCH_USER = 4
    WRONG_PASSWORD = 5
    CANNOT_DECRYPT = 6
    WRONG_HASH = 7
    CANNOT_UNZIP = 8
    UNKNOWN_ENCRYPTION = 9
    UNKNOWN_HASH = 10
    UNKNOWN_COMPRESSION = 11
    NOT_ACCEPTED = 12
    WRONG_ADDRESS = 13
    OUT_OF_SEQUENCE = 14
    BACKLOG = 15
    SHORT_RANDOM_VALUE = 16
    NOT_ONE_FILE = 17
    TOO_LARGE = 18
    NO_PERMISSION = 19
    OUTSIDE_HOURS = 20
    NO_FILE_NAME = 21
    TOO_MANY_TRIES = 22
    UPLOAD_CLOSED = 901
    DOWNLOAD_CLOSED = 902
    OTHER = 999

    @property
    def message(self) -> str:
        """The words that belong to it."""
        return message(self)


class Refused(Exception):
    """A call is answered with `code`.

    `why` goes to the call log, in plain Chinese and without secrets. The caller is told the code's
    words (or `words` in their place), then `told`: the reporting hours, a parameter's name.
    """

    def __init__(self, code: Code, why: str, *, told: str = "", words: str = "", missing: tuple[int, ...] = ()) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why
        self.message = (words or code.message) + told
        self.missing = missing
