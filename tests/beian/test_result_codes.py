"""The table of codes: complete, short enough for the wire, with the trained wording of 13."""

from __future__ import annotations

import pytest

from beian.result_codes import message, messages
from interface.codes import Code


def test_every_code_has_words_that_fit_the_wire() -> None:
    assert len(messages()) == 204
    assert all(0 < len(text) <= 255 for text in messages().values())


def test_the_message_of_13_is_the_one_that_providers_were_trained_on() -> None:
    assert message(13) == "非本省授权的报备单位，服务器拒绝受理"


@pytest.mark.parametrize("code", list(Code))
def test_every_named_return_code_is_in_the_table(code: Code) -> None:
    assert message(code)


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        message(23)
