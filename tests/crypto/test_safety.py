"""The safety code: the same on both sides, another for whoever stands in between."""

import json
from pathlib import Path
from typing import Final

from lien.crypto.safety import fingerprint, safety_code, safety_qr
from lien.ids import AccountId

VECTOR: Final = json.loads((Path(__file__).parents[1] / "vectors/safety.json").read_text())
ACCOUNTS: Final = [AccountId(one) for one in VECTOR["accounts"]]
LINKS: Final = [bytes.fromhex(one) for one in VECTOR["first_links"]]


def side(number: int) -> tuple[AccountId, bytes]:
    return ACCOUNTS[number], fingerprint(ACCOUNTS[number], LINKS[number])


def test_both_sides_see_the_same_digits() -> None:
    assert [side(0)[1].hex(), side(1)[1].hex()] == VECTOR["fingerprints"]
    assert safety_code(side(0), side(1)) == safety_code(side(1), side(0)) == VECTOR["code"]
    assert safety_qr(side(0), side(1)) == VECTOR["qr_of_the_first"]
    assert [len(group) for group in VECTOR["code"]] == [5] * 12


def test_another_chain_or_another_account_gives_other_digits() -> None:
    other_chain = (ACCOUNTS[1], fingerprint(ACCOUNTS[1], LINKS[0]))
    other_account = (ACCOUNTS[1], fingerprint(ACCOUNTS[0], LINKS[1]))
    for false in (other_chain, other_account):
        assert safety_code(side(0), false) != VECTOR["code"]
