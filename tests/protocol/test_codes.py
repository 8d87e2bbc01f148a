"""The hundreds digit is the instruction, whatever comes after it."""

from hypothesis import given
from hypothesis import strategies as st

from lien.protocol.codes import AfterClose, CloseCode, after_close


def test_each_range_says_what_to_do() -> None:
    assert after_close(CloseCode.SLOW_READER) is AfterClose.RESUME
    assert after_close(CloseCode.BAD_PROOF) is AfterClose.SIGN_IN
    assert after_close(CloseCode.REVOKED) is AfterClose.STOP


@given(st.integers(0, 65_535))
def test_every_code_has_an_instruction(code: int) -> None:
    expected = {41: AfterClose.SIGN_IN, 42: AfterClose.STOP}
    assert after_close(code) is expected.get(code // 100, AfterClose.RESUME)
