"""The recovery code is written down, typed again, and checked before it is used."""

import pytest

from lien.crypto.recovery import (
    BadRecoveryCode,
    format_recovery_code,
    new_recovery_code,
    parse_recovery_code,
)

# The example of docs/keys.md, which the TypeScript side reads as well.
BYTES = bytes(range(16))
TEXT = "000G-40R4-0M30-E209-185G-R38E-1W4V"


def test_the_documented_example_is_written_and_read() -> None:
    assert format_recovery_code(BYTES) == TEXT
    assert parse_recovery_code(TEXT) == BYTES


def test_it_is_read_however_a_person_types_it() -> None:
    assert parse_recovery_code(" ooog 4or4 om3o e2o9 i85g r38e lw4v ") == BYTES
    for _ in range(100):
        code = new_recovery_code()
        assert parse_recovery_code(format_recovery_code(code)) == code


@pytest.mark.parametrize("at", [place for place in range(34) if TEXT[place] != "-"])
def test_one_wrong_character_is_noticed(at: int) -> None:
    wrong = "Z" if TEXT[at] != "Z" else "Y"
    with pytest.raises(BadRecoveryCode):
        parse_recovery_code(TEXT[:at] + wrong + TEXT[at + 1 :])


@pytest.mark.parametrize(
    "text", ["", TEXT[1:], TEXT + "0", "U" + TEXT[1:], "é" + TEXT[1:], "Z" + TEXT[1:]]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(BadRecoveryCode):
        parse_recovery_code(text)
