"""The hundreds digit is the instruction, whatever comes after it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.protocol.codes import AfterClose, CloseCode, after_close, return_after_ms


def test_each_range_says_what_to_do() -> None:
    assert after_close(CloseCode.SLOW_READER) is AfterClose.RESUME
    assert after_close(CloseCode.BAD_PROOF) is AfterClose.SIGN_IN
    assert after_close(CloseCode.REVOKED) is AfterClose.STOP


@given(st.integers(0, 65_535))
def test_every_code_has_an_instruction(code: int) -> None:
    expected = {41: AfterClose.SIGN_IN, 42: AfterClose.STOP}
    assert after_close(code) is expected.get(code // 100, AfterClose.RESUME)


@pytest.mark.parametrize(
    ("reason", "ms"),
    [
        *(("", 0), ("0", 0), ("1200", 1200), ("999999999", 600_000), ("9999999999", 0)),
        *(("-5", 0), ("1.5", 0), ("soon", 0), (" 7", 0), ("７", 0)),
    ],
)
def test_a_reason_that_is_a_number_says_when_to_come_back(reason: str, ms: int) -> None:
    assert return_after_ms(reason) == ms
