"""What a cookie says is believed only when it is ours, for this purpose, and in time."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.accounts import Flow, NotSignedIn, Session, Tokens
from lien.accounts.tokens import MAX_TOKEN_CHARS, State
from lien.ids import AccountId, DeviceId, RppsNumber, SessionId, b64decode, b64encode, new_id

NOW = 1_790_000_000_000
TOKENS = Tokens([bytes(32)])
SESSION = Session(
    session=SessionId(new_id()),
    account=AccountId(new_id()),
    device=DeviceId(new_id()),
    device_public=bytes(range(32)),
    started_at_ms=NOW,
    idle_ends_at_ms=NOW + 1000,
    ends_at_ms=NOW + 5000,
    provider_at_ms=NOW - 10,
)
FLOW = Flow(
    flow=new_id(),
    via="passkey",
    nonce=bytes(32),
    rpps=RppsNumber("99000000002"),
    account=AccountId(new_id()),
    provider="",
    verified_at_ms=NOW,
    ends_at_ms=NOW + 1000,
)
STATE = State("psc", "a state", NOW + 1000)


def test_a_token_says_what_was_put_in() -> None:
    assert TOKENS.read_session(TOKENS.issue_session(SESSION), NOW) == SESSION
    assert TOKENS.read_flow(TOKENS.issue_flow(FLOW), NOW) == FLOW
    newcomer = replace(FLOW, via="provider", account=None)
    assert TOKENS.read_flow(TOKENS.issue_flow(newcomer), NOW) == newcomer
    assert TOKENS.read_state(TOKENS.issue_state(STATE), NOW) == STATE


def test_a_token_fits_a_cookie() -> None:
    longest = replace(FLOW, provider="p" * 64)
    assert len(TOKENS.issue_session(SESSION)) < 400
    assert len(TOKENS.issue_flow(longest)) < MAX_TOKEN_CHARS


def test_a_token_of_one_purpose_is_none_for_another() -> None:
    tokens = [TOKENS.issue_session(SESSION), TOKENS.issue_flow(FLOW), TOKENS.issue_state(STATE)]
    readers = [TOKENS.read_session, TOKENS.read_flow, TOKENS.read_state]
    for mine, token in enumerate(tokens):
        for other, read in enumerate(readers):
            if mine != other:
                with pytest.raises(NotSignedIn):
                    read(token, NOW)


@pytest.mark.parametrize("late_ms", [1000, 1001])
def test_a_token_is_over_in_its_time(late_ms: int) -> None:
    with pytest.raises(NotSignedIn):
        TOKENS.read_session(TOKENS.issue_session(SESSION), NOW + late_ms)
    with pytest.raises(NotSignedIn):
        TOKENS.read_flow(TOKENS.issue_flow(FLOW), NOW + late_ms)
    with pytest.raises(NotSignedIn):
        TOKENS.read_state(TOKENS.issue_state(STATE), NOW + late_ms)


def test_the_hard_end_holds_whatever_the_idle_end_says() -> None:
    odd = replace(SESSION, idle_ends_at_ms=NOW + 9000)
    with pytest.raises(NotSignedIn):
        TOKENS.read_session(TOKENS.issue_session(odd), NOW + 5000)


def test_keys_are_changed_without_signing_anyone_out() -> None:
    old, new = bytes(32), bytes([1]) * 32
    before = Tokens([old]).issue_session(SESSION)
    during = Tokens([new, old])

    assert during.read_session(before, NOW) == SESSION
    assert Tokens([new]).read_session(during.issue_session(SESSION), NOW) == SESSION
    with pytest.raises(NotSignedIn):
        Tokens([new]).read_session(before, NOW)


def test_any_changed_byte_is_seen() -> None:
    value = bytearray(b64decode(TOKENS.issue_session(SESSION)))
    for place in range(len(value)):
        value[place] ^= 1
        with pytest.raises(NotSignedIn):
            TOKENS.read_session(b64encode(bytes(value)), NOW)
        value[place] ^= 1
    assert TOKENS.read_session(b64encode(bytes(value)), NOW) == SESSION


def test_a_genuine_token_of_another_shape_is_refused() -> None:
    """What a server of another version has signed is not guessed at."""
    shapes: list[list[object]] = [["a"], ["a", "b", "c"], [], ["a", "b", True], [1, "b", 5]]
    for fields in shapes:
        token = TOKENS._seal(b"lien/v1/token/state", fields)
        with pytest.raises(NotSignedIn):
            TOKENS.read_state(token, NOW)


@given(st.text(max_size=80) | st.binary(max_size=80).map(b64encode) | st.just("A" * 1025))
def test_no_text_is_a_token(text: str) -> None:
    for read in (TOKENS.read_session, TOKENS.read_flow, TOKENS.read_state):
        with pytest.raises(NotSignedIn):
            read(text, NOW)


def test_keys_do_not_show() -> None:
    assert repr(TOKENS) == "Tokens(…)"
    with pytest.raises(TypeError):
        pickle.dumps(TOKENS)
    assert "\\x00" not in repr(FLOW)


@pytest.mark.parametrize("keys", [[], [bytes(31)], [bytes(32), b""]])
def test_a_key_is_32_bytes(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(keys)
