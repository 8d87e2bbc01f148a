"""Numbers of the national identity, their key and what they allow."""

import pytest

from lien.gateway import ins


@pytest.mark.parametrize(
    "number",
    ["279035121518989", "184077501925877", "184072A07501951", "184072B07501978", "185039741102565"],
)
def test_right_key(number: str) -> None:
    assert ins.is_matricule(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "279035121518988",
        "184072A07501978",  # the key of 2B
        "184072a07501951",
        "123456789012345",
        "1840775019258771",
        "18407750192587",
        "184437501925877",  # no month 43
        "584077501925877",
        "１84077501925877",
    ],
)
def test_wrong_number(number: str) -> None:
    assert not ins.is_matricule(number)


def test_key_of_97_is_written_with_two_digits() -> None:
    base = next(n for n in range(1850397411000, 1850397411999) if n % 97 == 0)
    assert ins.is_matricule(f"{base}97")
    assert not ins.is_matricule(f"{base}00")


@pytest.mark.parametrize(
    ("oid", "number", "reliability", "status"),
    [
        (ins.NIR, "185039741102565", "", ins.Status.QUALIFIED),
        (ins.NIA, "185039741102565", "VALI", ins.Status.QUALIFIED),
        (ins.NIR, "185039741102565", "PROV", ins.Status.UNQUALIFIED),
        (ins.NIR, "185039741102565", "anything", ins.Status.UNQUALIFIED),
        (ins.TEST, "185039741102565", "VALI", ins.Status.TEST),
        (ins.DEMO, "185039741102565", "", ins.Status.DEMO),
        (ins.NIR, "185039741102566", "VALI", ins.Status.INVALID),
        (ins.TEST, "185039741102566", "", ins.Status.INVALID),
        ("1.2.3", "185039741102565", "", ins.Status.ABSENT),
        (ins.NIR, "", "", ins.Status.ABSENT),
    ],
)
def test_status(oid: str, number: str, reliability: str, status: ins.Status) -> None:
    assert ins.status_of(oid, number, reliability) is status
