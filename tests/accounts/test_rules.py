"""Decisions about accounts, one by one."""

from dataclasses import replace

import pytest

from lien.accounts import rules
from lien.accounts.errors import (
    AccountExists,
    ChainMoved,
    DeviceRevoked,
    FreshSignInNeeded,
    NotSignedIn,
)
from lien.accounts.models import Earlier, VaultEntry
from lien.crypto.account import AccountSecret
from lien.crypto.attestor import NO_ATTESTORS
from lien.crypto.chain import (
    AddDevice,
    BadLink,
    ChainState,
    Create,
    RevokeDevice,
    RotateSecret,
    Signer,
    apply,
    create_chain,
    decode_link,
    make_link,
)
from lien.crypto.signing import SigningKey
from lien.errors import Conflict, Malformed
from lien.ids import AccountId, DeviceId, PasskeyId, new_id
from tests.accounts.test_tokens import FLOW, NOW, SESSION

KEY = SigningKey.generate()
SECRET = AccountSecret.generate()
ACCOUNT = AccountId(new_id())
DEVICE = DeviceId(new_id())
BODY = Create(DEVICE, KEY.public, SECRET.signing.public, SECRET.sealing.public)
FIRST = create_chain(ACCOUNT, BODY, KEY, 1)
STATE = apply(None, FIRST, NO_ATTESTORS)
BY_DEVICE = Signer.device(DEVICE, KEY)
BY_ACCOUNT = Signer.account(SECRET.signing)


def a_device() -> AddDevice:
    return AddDevice(DeviceId(new_id()), SigningKey.generate().public)


def closed() -> ChainState:
    return apply(STATE, make_link(STATE, RevokeDevice(DEVICE), BY_DEVICE, 1), NO_ATTESTORS)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_an_address_is_counted_with_its_network(address: str, network: str) -> None:
    assert rules.network_of(address) == network


def test_a_label_is_short_and_printable() -> None:
    assert rules.require_label("  Téléphone de Marie ") == "Téléphone de Marie"
    for text in ("", "   ", "x" * 65, "a\nb", "a\u202eb", "a\x00"):
        with pytest.raises(Malformed):
            rules.require_label(text)


def test_an_account_begins_with_its_create_link() -> None:
    content, body = rules.require_create(FIRST)
    assert (content.account, body.device) == (ACCOUNT, DEVICE)
    with pytest.raises(BadLink):
        rules.require_create(make_link(STATE, a_device(), BY_DEVICE, 1))


def test_a_device_joins_by_the_account_key() -> None:
    body = a_device()
    assert rules.require_joining(make_link(STATE, body, BY_ACCOUNT, 1), ACCOUNT) == body
    for link, account in (
        (make_link(STATE, body, BY_DEVICE, 1), ACCOUNT),
        (make_link(STATE, body, BY_ACCOUNT, 1), AccountId(new_id())),
        (make_link(STATE, RevokeDevice(DEVICE), BY_ACCOUNT, 1), ACCOUNT),
    ):
        with pytest.raises(BadLink):
            rules.require_joining(link, account)


def test_so_many_links_are_appended_together() -> None:
    link = make_link(STATE, a_device(), BY_DEVICE, 1)
    assert len(rules.require_appendable([link] * 32)) == 32
    for links in ([], [link] * 33):
        with pytest.raises(Malformed):
            rules.require_appendable(links)


def test_a_late_link_is_a_conflict_and_not_wrong() -> None:
    link = make_link(STATE, a_device(), BY_DEVICE, 1)
    after = apply(STATE, link, NO_ATTESTORS)
    rules.require_current([decode_link(link.data)], STATE)
    with pytest.raises(ChainMoved):
        rules.require_current([decode_link(link.data)], after)


def test_what_links_did_is_told() -> None:
    other = AccountSecret.generate()
    rotate = RotateSecret(2, other.signing.public, other.sealing.public)
    added = decode_link(make_link(STATE, a_device(), BY_DEVICE, 1).data)
    revoked = decode_link(make_link(STATE, RevokeDevice(DEVICE), BY_DEVICE, 1).data)
    rotated = decode_link(make_link(STATE, rotate, BY_DEVICE, 1).data)

    assert not rules.changes_of(STATE, [added]).unsettles
    assert rules.changes_of(STATE, [revoked]).unsettles
    assert rules.changes_of(STATE, [revoked]).revoked == (DEVICE,)
    assert rules.changes_of(STATE, [rotated]).unsettles
    assert rules.changes_of(STATE, [added]).number == 0
    rules.require_earlier([rotated], [Earlier(1, bytes(72))])
    for earlier in ([], [Earlier(2, bytes(72))], [Earlier(1, bytes(71))]):
        with pytest.raises(Malformed):
            rules.require_earlier([rotated], earlier)
    with pytest.raises(Malformed):
        rules.require_earlier([added], [Earlier(1, bytes(72))])


def test_a_person_has_so_many_devices() -> None:
    devices = {DeviceId(new_id()): KEY.public for _ in range(16)}
    rules.require_bounded(replace(STATE, devices=devices))
    with pytest.raises(Conflict):
        rules.require_bounded(replace(STATE, devices={**devices, DEVICE: KEY.public}))


def test_a_vault_entry_is_of_now_and_of_its_owner() -> None:
    passkey = PasskeyId("AAAA")
    entries = [VaultEntry("recovery", 2, bytes(72)), VaultEntry("passkey:AAAA", 2, bytes(72))]
    rules.require_vault(entries, 2, [passkey])
    with pytest.raises(Conflict):
        rules.require_vault(entries, 3, [passkey])
    for wrong in (
        [*entries, entries[0]],
        [VaultEntry("passkey:BBBB", 2, bytes(72))],
        [VaultEntry("recovery", 2, bytes(73))],
    ):
        with pytest.raises(Malformed):
            rules.require_vault(wrong, 2, [passkey])


def test_a_flow_came_about_one_way() -> None:
    assert rules.require_via(FLOW, "passkey") == FLOW
    with pytest.raises(NotSignedIn):
        rules.require_via(FLOW, "provider")


def test_a_professional_is_free_without_an_open_account() -> None:
    rules.require_free(None)
    rules.require_free(closed())
    with pytest.raises(AccountExists):
        rules.require_free(STATE)


def test_a_device_is_active_revoked_or_unknown() -> None:
    assert rules.require_device(STATE, DEVICE) == KEY.public
    with pytest.raises(DeviceRevoked):
        rules.require_device(closed(), DEVICE)
    with pytest.raises(NotSignedIn):
        rules.require_device(STATE, DeviceId(new_id()))


def test_a_sign_in_is_fresh_for_ten_minutes() -> None:
    session = replace(SESSION, provider_at_ms=NOW)
    rules.require_fresh(session, NOW + 600_000)
    with pytest.raises(FreshSignInNeeded):
        rules.require_fresh(session, NOW + 600_001)
    with pytest.raises(FreshSignInNeeded):
        rules.require_fresh(replace(session, provider_at_ms=0), NOW)
