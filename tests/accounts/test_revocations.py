"""What is over is remembered for as long as a token could still be shown."""

from lien.accounts.models import Ended
from lien.accounts.revocations import Revocations
from lien.ids import AccountId, DeviceId, SessionId

ACCOUNT, OTHER = AccountId("account"), AccountId("other")
DEVICE = DeviceId("device")
SESSION = SessionId("session")


def test_an_ended_session_is_over_and_no_other() -> None:
    revocations = Revocations(1000)
    revocations.note(ACCOUNT, DEVICE, SESSION, 0)

    assert revocations.is_ended(SESSION, ACCOUNT, DEVICE)
    assert not revocations.is_ended(SessionId("another"), ACCOUNT, DEVICE)
    assert not revocations.is_revoked(ACCOUNT, DEVICE)


def test_every_session_of_a_revoked_device_is_over() -> None:
    revocations = Revocations(1000)
    revocations.note(ACCOUNT, DEVICE, "", 0)

    assert revocations.is_ended(SESSION, ACCOUNT, DEVICE)
    assert revocations.is_revoked(ACCOUNT, DEVICE)
    assert not revocations.is_revoked(OTHER, DEVICE)
    assert not revocations.is_revoked(ACCOUNT, DeviceId("another"))


def test_a_whole_account_can_be_out() -> None:
    revocations = Revocations(1000)
    revocations.note(ACCOUNT, "", "", 0)

    assert revocations.is_ended(SESSION, ACCOUNT, DEVICE)
    assert not revocations.is_ended(SESSION, OTHER, DEVICE)


def test_it_forgets_what_no_token_can_say_any_more() -> None:
    revocations = Revocations(1000)
    for at_ms in range(0, 5000, 100):
        revocations.note(ACCOUNT, DEVICE, f"session {at_ms}", at_ms)

    assert len(revocations) == 11
    assert revocations.is_ended(SessionId("session 3900"), ACCOUNT, DEVICE)
    assert not revocations.is_ended(SessionId("session 3800"), ACCOUNT, DEVICE)


def test_loading_again_changes_nothing() -> None:
    """What the feed said since is newer than what the store says of it."""
    revocations = Revocations(1000)
    revocations.note(ACCOUNT, DEVICE, "", 500)
    ended = [Ended(ACCOUNT, DEVICE, "", 400), Ended(ACCOUNT, DEVICE, SESSION, 300)]

    revocations.load(ended)
    revocations.load(ended)
    revocations.note(OTHER, DEVICE, "", 1450)

    assert revocations.is_revoked(ACCOUNT, DEVICE)
    assert len(revocations) == 2
