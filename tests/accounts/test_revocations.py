"""What is over is remembered for as long as a token could still be shown."""

from lien.accounts.models import Ended, Session
from lien.accounts.revocations import CLOCKS_MS, Revocations
from lien.ids import AccountId, DeviceId, SessionId

ACCOUNT, OTHER = AccountId("account"), AccountId("other")
DEVICE = DeviceId("device")
SESSION = SessionId("session")


def a_session(
    session: str = SESSION, account: AccountId = ACCOUNT, started_at_ms: int = 0
) -> Session:
    return Session(
        session=SessionId(session),
        account=account,
        device=DEVICE,
        device_public=bytes(32),
        started_at_ms=started_at_ms,
        idle_ends_at_ms=10**9,
        ends_at_ms=10**9,
        provider_at_ms=0,
    )


def test_an_ended_session_is_over_and_no_other() -> None:
    revocations = Revocations(1000)
    revocations.note(ACCOUNT, DEVICE, SESSION, 0)

    assert revocations.is_ended(a_session())
    assert not revocations.is_ended(a_session("another"))
    assert not revocations.is_revoked(ACCOUNT, DEVICE)


def test_every_session_of_a_revoked_device_is_over() -> None:
    revocations = Revocations(1000)
    revocations.note(ACCOUNT, DEVICE, "", 0)

    assert revocations.is_ended(a_session())
    assert revocations.is_revoked(ACCOUNT, DEVICE)
    assert not revocations.is_revoked(OTHER, DEVICE)
    assert not revocations.is_revoked(ACCOUNT, DeviceId("another"))


def test_a_whole_account_can_be_out() -> None:
    revocations = Revocations(1000)
    revocations.note(ACCOUNT, "", "", 0)

    assert revocations.is_ended(a_session())
    assert not revocations.is_ended(a_session(account=OTHER))


def test_who_comes_back_to_a_signed_out_account_is_let_in() -> None:
    revocations = Revocations(1000)
    revocations.note(ACCOUNT, "", "", 700)

    assert revocations.is_ended(a_session(started_at_ms=700))
    assert not revocations.is_ended(a_session(started_at_ms=701 + CLOCKS_MS))
    assert not revocations.is_revoked(ACCOUNT, DEVICE), "its devices need not wipe themselves"


def test_it_forgets_what_no_token_can_say_any_more() -> None:
    revocations = Revocations(1000)
    for at_ms in range(0, 5000, 100):
        revocations.note(ACCOUNT, DEVICE, f"session {at_ms}", at_ms)

    assert len(revocations) == 11
    assert revocations.is_ended(a_session("session 3900"))
    assert not revocations.is_ended(a_session("session 3800"))


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
