"""Who is woken for what, when, with what words: against a push service that reads them."""

import re

import httpx
import pytest

from lien.crypto.envelope import Header, Kind, encode_header
from lien.crypto.webpush import BadSubscription, VapidKey
from lien.ids import AccountId, ChannelId, DeviceId, EnvelopeId, new_id
from lien.protocol.codes import CloseCode
from lien.push import NoSubscription, Preferences, Pushes, Reach, Sender, Subscription
from lien.push.sender import Outcome
from lien.push.store import PushStore
from lien.storage import keys
from lien.storage.shards import shard_of
from lien.storage.valkey import Store
from lien.telemetry import Metric, Telemetry
from tests.fakes import FakeClock
from tests.push.conftest import a_subscription, public_address
from tests.push.vendor import HOST, Browser, Vendor, claims_of

MIDNIGHT_MS = 1_790_035_200_000  # of some day, in UTC


def append(
    pushes: Pushes,
    channel: ChannelId,
    *readers: Subscription,
    offset: int = 1,
    kind: Kind = Kind.MESSAGE,
) -> AccountId:
    """Somebody writes to these accounts; who."""
    author = AccountId(new_id())
    header = Header(channel, 1, author, DeviceId(new_id()), EnvelopeId(new_id()), kind)
    accounts = frozenset({author, *(each.account for each in readers)})
    pushes.note_entry(channel, 1, offset, encode_header(header), accounts)
    return author


async def acknowledge(store: Store, channel: ChannelId, device: DeviceId, offset: int) -> None:
    key = keys.cursors(shard_of(channel, store.shards), channel)
    await store.pipe.call("HSET", key, device, f"1:{offset}")


async def test_absent_device_is_woken_with_a_number_and_nothing_else(
    pushes: Pushes, vendor: Vendor, browser: Browser, channel: ChannelId, clock: FakeClock
) -> None:
    nurse = a_subscription(browser)
    await pushes.subscribe(nurse)
    append(pushes, channel, nurse)
    assert await pushes.wake_due() == 0
    clock.advance(seconds=5)

    assert await pushes.wake_due() == 1

    [(line, headers, body)] = vendor.got
    assert line == "POST /send/abc HTTP/1.1"
    assert browser.read(body) == {"v": 1, "n": 1}
    assert headers["content-encoding"] == "aes128gcm"
    assert (headers["topic"], headers["urgency"], headers["ttl"]) == ("lien", "normal", "86400")
    claims, public = claims_of(headers["authorization"])
    assert claims["aud"] == f"https://{HOST}"
    assert claims["sub"] == "https://lien.example"
    assert 0 < claims["exp"] - clock.now_ms() // 1000 <= 86_400
    assert public == pushes.public_key
    everything = repr((line, headers)).encode() + body
    for secret in (channel, nurse.account, nurse.device):
        assert secret.encode() not in everything


async def test_the_readers_of_many_entries_are_asked_about_once(
    pushes: Pushes, store: Store, browser: Browser, channel: ChannelId, clock: FakeClock
) -> None:
    """A group of hundreds cost the store a question for each member and message."""
    group = [a_subscription(browser) for _ in range(300)]
    for offset in range(1, 11):
        append(pushes, channel, *group, offset=offset)
    clock.advance(seconds=5)
    before = await _questions(store)

    assert await pushes.wake_due() == 0

    assert await _questions(store) - before == len(group) + 10, "each author is one more"


async def _questions(store: Store) -> int:
    found = re.search(rb"cmdstat_exists:calls=(\d+)", await store.pipe.call("INFO", "commandstats"))
    return int(found[1]) if found else 0


async def test_every_push_has_one_length(
    pushes: Pushes, vendor: Vendor, browser: Browser, channel: ChannelId, clock: FakeClock
) -> None:
    nurse = a_subscription(browser)
    await pushes.subscribe(nurse)
    for offset in range(1, 121):
        append(pushes, channel, nurse, offset=offset, kind=Kind.URGENT)
    clock.advance(seconds=5)

    assert await pushes.wake_due() == 120

    counts = [browser.read(body)["n"] for _, _, body in vendor.got]
    assert counts == [min(number, 99) for number in range(1, 121)]
    assert {len(body) for _, _, body in vendor.got} == {16 + 4 + 1 + 65 + 128 + 16}


async def test_device_that_has_the_entry_is_left_alone(
    pushes: Pushes,
    vendor: Vendor,
    browser: Browser,
    channel: ChannelId,
    clock: FakeClock,
    store: Store,
) -> None:
    here = a_subscription(browser)
    away = a_subscription(browser, account=here.account)
    for each in (here, away):
        await pushes.subscribe(each)
    append(pushes, channel, here, offset=7)
    await acknowledge(store, channel, here.device, 7)
    await acknowledge(store, channel, away.device, 6)
    clock.advance(seconds=5)

    assert await pushes.wake_due() == 1
    found = await PushStore(store).find_all([here.account])
    assert {each.device: each.waiting for each in found} == {here.device: 0, away.device: 1}


async def test_author_statement_and_notice_wake_nobody(
    pushes: Pushes, vendor: Vendor, browser: Browser, channel: ChannelId, clock: FakeClock
) -> None:
    nurse = a_subscription(browser)
    await pushes.subscribe(nurse)
    author = append(pushes, channel)
    await pushes.subscribe(a_subscription(browser, account=author))
    append(pushes, channel, nurse, kind=Kind.STATEMENT)
    pushes.note_entry(channel, 1, 3, b"no header", frozenset({nurse.account}))
    clock.advance(seconds=5)

    assert await pushes.wake_due() == 0


async def test_document_wakes_its_recipient(
    pushes: Pushes, vendor: Vendor, browser: Browser, clock: FakeClock
) -> None:
    doctor = a_subscription(browser)
    await pushes.subscribe(doctor)
    inbox = ChannelId("i" + doctor.account)
    header = Header(
        inbox, 1, doctor.account, DeviceId(new_id()), EnvelopeId(new_id()), Kind.DOCUMENT
    )
    pushes.note_entry(inbox, 1, 1, encode_header(header), frozenset({doctor.account}))
    clock.advance(seconds=5)

    assert await pushes.wake_due() == 1


async def test_not_woken_again_at_once_unless_it_is_urgent(
    pushes: Pushes, vendor: Vendor, browser: Browser, channel: ChannelId, clock: FakeClock
) -> None:
    nurse = a_subscription(browser)
    await pushes.subscribe(nurse)
    for offset in (1, 2):
        append(pushes, channel, nurse, offset=offset)
    clock.advance(seconds=5)
    assert await pushes.wake_due() == 1

    append(pushes, channel, nurse, offset=3, kind=Kind.URGENT)
    clock.advance(seconds=5)
    assert await pushes.wake_due() == 1
    append(pushes, channel, nurse, offset=4)
    clock.advance(seconds=35)
    assert await pushes.wake_due() == 1

    assert [browser.read(body)["n"] for _, _, body in vendor.got] == [1, 3, 4]
    assert [headers["urgency"] for _, headers, _ in vendor.got] == ["normal", "high", "normal"]


@pytest.mark.parametrize(
    ("preferences", "at_minute", "kind", "woken"),
    [
        (Preferences(frozenset(), 0, 0, True), 600, Kind.MESSAGE, 1),
        (Preferences(frozenset(), 540, 660, True), 600, Kind.MESSAGE, 0),
        (Preferences(frozenset(), 540, 660, True), 660, Kind.MESSAGE, 1),
        (Preferences(frozenset(), 540, 660, True), 600, Kind.URGENT, 1),
        (Preferences(frozenset(), 540, 660, False), 600, Kind.URGENT, 0),
        (Preferences(frozenset(), 1260, 360, True), 1300, Kind.MESSAGE, 0),
        (Preferences(frozenset(), 1260, 360, True), 100, Kind.MESSAGE, 0),
        (Preferences(frozenset(), 1260, 360, True), 360, Kind.MESSAGE, 1),
    ],
)
async def test_quiet_hours(
    pushes: Pushes,
    browser: Browser,
    channel: ChannelId,
    clock: FakeClock,
    preferences: Preferences,
    at_minute: int,
    kind: Kind,
    woken: int,
) -> None:
    nurse = a_subscription(browser, preferences)
    await pushes.subscribe(nurse)
    clock.at_ms = MIDNIGHT_MS + at_minute * 60_000
    append(pushes, channel, nurse, kind=kind)
    clock.advance(seconds=5)

    assert await pushes.wake_due() == woken


async def test_muted_conversation(
    pushes: Pushes, vendor: Vendor, browser: Browser, channel: ChannelId, clock: FakeClock
) -> None:
    nurse = a_subscription(browser, Preferences(muted=frozenset({channel})))
    await pushes.subscribe(nurse)
    append(pushes, channel, nurse)
    append(pushes, channel, nurse, offset=2, kind=Kind.URGENT)
    clock.advance(seconds=5)

    assert await pushes.wake_due() == 1
    assert browser.read(vendor.got[0][2]) == {"v": 1, "n": 2}


@pytest.mark.parametrize("status", [404, 410])
async def test_dead_subscription_is_removed(
    pushes: Pushes, vendor: Vendor, browser: Browser, store: Store, status: int
) -> None:
    nurse = a_subscription(browser)
    await pushes.subscribe(nurse)
    vendor.status = status

    assert await pushes.test(nurse.account, nurse.device) is Outcome.GONE
    assert await PushStore(store).find_all([nurse.account]) == []
    with pytest.raises(NoSubscription):
        await pushes.test(nurse.account, nurse.device)


async def test_sender_learns_who_cannot_be_reached(
    pushes: Pushes, vendor: Vendor, browser: Browser, clock: FakeClock
) -> None:
    nurse, doctor, nobody = a_subscription(browser), a_subscription(browser), AccountId(new_id())
    for each in (nurse, doctor):
        await pushes.subscribe(each)
    vendor.status = 500
    assert await pushes.test(doctor.account, doctor.device) is Outcome.FAILED
    failed_at_ms = clock.now_ms()
    clock.advance(seconds=60)
    await pushes.test(doctor.account, doctor.device)

    assert await pushes.reach([nurse.account, doctor.account, nobody]) == [
        Reach(nurse.account, True, 0),
        Reach(doctor.account, False, failed_at_ms),
        Reach(nobody, False, 0),
    ]
    vendor.status = 201
    await pushes.test(doctor.account, doctor.device)
    assert (await pushes.reach([doctor.account]))[0].can_be_woken


async def test_redirect_is_not_followed(pushes: Pushes, vendor: Vendor, browser: Browser) -> None:
    nurse = a_subscription(browser)
    await pushes.subscribe(nurse)
    vendor.status, vendor.location = 307, f"http://127.0.0.1:{vendor.port}/elsewhere"

    assert await pushes.test(nurse.account, nurse.device) is Outcome.FAILED
    assert [line for line, _, _ in vendor.got] == ["POST /send/abc HTTP/1.1"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.vendor.example/send/abc",
        "https://push.vendor.example:8443/send/abc",
        "https://user@push.vendor.example/send/abc",
        "https://vendor.example/send/abc",
        "https://push.vendor.example.evil.example/abc",
        "https://evilpush.vendor.example/abc",
        "https://127.0.0.1/abc",
        "https://localhost/abc",
        "https://[::1]/abc",
        "https://push.vendor.example/" + "x" * 1024,
        "https://push.vendor.example/a b",
        "https://push.vendor.example:port/abc",
        "file:///etc/passwd",
        "",
    ],
)
async def test_address_that_is_never_called(
    pushes: Pushes, browser: Browser, endpoint: str
) -> None:
    nurse = a_subscription(browser)

    with pytest.raises(BadSubscription):
        await pushes.subscribe(
            Subscription(nurse.account, nurse.device, endpoint, browser.keys, nurse.preferences)
        )


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "100.64.0.1"],
)
async def test_name_that_leads_into_a_private_network_is_not_called(
    vendor: Vendor, clock: FakeClock, browser: Browser, address: str
) -> None:
    async def private(host: str) -> list[str]:
        return [*await public_address(host), address]

    key = VapidKey(VapidKey.new_scalar())
    sender = Sender(key, "mailto:x@y", [HOST], clock, vendor.client(), resolve=private)

    outcome = await sender.send(a_subscription(browser), 1, is_urgent=False)

    assert outcome is not Outcome.TAKEN
    assert vendor.got == []


async def test_vendor_that_does_not_answer_breaks_nothing(
    pushes: Pushes, browser: Browser, vendor: Vendor, telemetry: Telemetry
) -> None:
    nurse = a_subscription(browser)
    await pushes.subscribe(nurse)
    await vendor.stop()

    assert await pushes.test(nurse.account, nurse.device) is Outcome.FAILED
    assert telemetry.counters[Metric.PUSHES_FAILED] == 1


async def test_one_worker_wakes_for_all(
    pushes: Pushes,
    sender: Sender,
    store: Store,
    clock: FakeClock,
    telemetry: Telemetry,
    browser: Browser,
    channel: ChannelId,
) -> None:
    other = Pushes(PushStore(store), sender, clock, telemetry)
    await other.lead()
    nurse = a_subscription(browser)
    await pushes.subscribe(nurse)
    for each in (pushes, other):
        append(each, channel, nurse)
    clock.advance(seconds=5)

    assert [await pushes.wake_due(), await other.wake_due()] == [1, 0]


async def test_revoked_device_is_forgotten(pushes: Pushes, store: Store, browser: Browser) -> None:
    kept = a_subscription(browser)
    gone = a_subscription(browser, account=kept.account)
    for each in (kept, gone):
        await pushes.subscribe(each)

    pushes.note_control(kept.account, gone.device, CloseCode.REVOKED)
    pushes.note_control(kept.account, kept.device, CloseCode.SESSION_ENDED)
    await pushes.wake_due()
    assert [each.device for each in await PushStore(store).find_all([kept.account])] == [
        kept.device
    ]
    pushes.note_control(kept.account, None, CloseCode.SESSION_ENDED)
    await pushes.wake_due()
    assert await PushStore(store).find_all([kept.account]) == []


def test_client_of_production_is_shut_in(clock: FakeClock) -> None:
    sender = Sender(VapidKey(VapidKey.new_scalar()), "mailto:x@y", [HOST], clock)

    client: httpx.AsyncClient = sender._client
    assert not client.follow_redirects
    assert not client.trust_env
    assert client.timeout.read == 10.0
