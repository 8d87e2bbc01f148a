"""Who is here, and who gets a frame."""

from lien.fanout.hub import Hub
from lien.ids import AccountId, DeviceId, SessionId
from lien.protocol.codes import CloseCode
from lien.telemetry import Metric, Telemetry
from tests.fanout.fakes import FakeSink

ANNE, BRUNO = AccountId("anne"), AccountId("bruno")


def a_hub(*sinks: FakeSink) -> Hub:
    hub = Hub(Telemetry())
    for sink in sinks:
        assert hub.register(sink)
    return hub


def test_a_frame_reaches_every_connection_of_its_accounts_and_no_other() -> None:
    phone, tablet = FakeSink("anne", "phone"), FakeSink("anne", "tablet")
    other, stranger = FakeSink("bruno"), FakeSink("stranger")
    hub = a_hub(phone, tablet, other, stranger)

    hub.deliver([ANNE, BRUNO, AccountId("nobody here")], b"frame")

    assert [sink.frames for sink in (phone, tablet, other)] == [[b"frame"]] * 3
    assert stranger.frames == []


def test_a_large_conversation_follows_who_comes_and_goes() -> None:
    stays, leaves, comes = FakeSink("anne"), FakeSink("bruno"), FakeSink("bruno")
    hub = a_hub(stays, leaves)
    group = frozenset((ANNE, BRUNO))

    assert hub.deliver_to_many(group, b"1") == 2
    hub.unregister(leaves)
    assert hub.deliver_to_many(group, b"2") == 1
    hub.register(comes)
    hub.deliver_to_many(group, b"3")
    for number in range(300):
        hub.deliver_to_many(frozenset((AccountId(f"group {number}"),)), b"nobody here")
    hub.deliver_to_many(group, b"4")

    assert stays.frames == [b"1", b"2", b"3", b"4"]
    assert (leaves.frames, comes.frames) == ([b"1"], [b"3", b"4"])


def test_a_slow_connection_is_left_out_and_counted() -> None:
    telemetry = Telemetry()
    hub = Hub(telemetry)
    quick, slow = FakeSink("anne"), FakeSink("bruno")
    slow.is_stalled = True
    hub.register(quick)
    hub.register(slow)

    hub.deliver_to_all(b"frame")

    assert quick.frames == [b"frame"]
    assert telemetry.counters[Metric.DELIVERIES] == 1
    assert telemetry.counters[Metric.FELL_BEHIND] == 1


def test_a_connection_that_left_gets_nothing() -> None:
    stays, leaves = FakeSink("anne"), FakeSink("anne")
    hub = a_hub(stays, leaves)

    hub.unregister(leaves)
    hub.unregister(leaves)
    hub.deliver([ANNE], b"frame")
    assert (stays.frames, leaves.frames, hub.count) == ([b"frame"], [], 1)

    hub.unregister(stays)
    hub.deliver([ANNE], b"frame")
    assert (stays.frames, hub.count) == ([b"frame"], 0)


def test_a_ninth_device_is_refused() -> None:
    hub = a_hub(*(FakeSink("anne", f"device {number}") for number in range(8)))

    assert not hub.register(FakeSink("anne", "device 9"))
    assert hub.register(FakeSink("bruno", "device 9"))


def test_a_ninth_connection_replaces_an_older_one_of_its_device() -> None:
    sinks = [FakeSink("anne", f"device {number}") for number in range(8)]
    hub = a_hub(*sinks)
    again = FakeSink("anne", "device 3")

    assert hub.register(again)
    hub.deliver([ANNE], b"frame")

    assert sinks[3].closed is CloseCode.GONE
    assert (again.frames, sinks[3].frames, hub.count) == ([b"frame"], [], 8)


def test_connections_are_closed_by_account_device_or_session() -> None:
    phone = FakeSink("anne", "phone", "morning")
    tablet = FakeSink("anne", "tablet", "evening")
    other = FakeSink("bruno", "phone", "morning")
    hub = a_hub(phone, tablet, other)

    hub.close_device(ANNE, DeviceId("phone"), CloseCode.REVOKED)
    assert [sink.closed for sink in (phone, tablet, other)] == [CloseCode.REVOKED, None, None]
    hub.close_session(ANNE, SessionId("evening"), CloseCode.SESSION_ENDED)
    assert tablet.closed is CloseCode.SESSION_ENDED
    hub.close_account(BRUNO, CloseCode.RESTART)
    assert other.closed is CloseCode.RESTART
    hub.close_account(AccountId("nobody here"), CloseCode.RESTART)
