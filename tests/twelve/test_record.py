"""What a text may look like in the end, by what was done to it."""

from lien.ids import AccountId, ChannelId, DeviceId
from tests.twelve.record import DAY_MS, Group, Record, Retention, Said

ANNE, PHONE, OTHER = AccountId("anne"), DeviceId("phone"), DeviceId("other")
CHANNEL = ChannelId("channel")


def a_record(*changes: tuple[DeviceId, str | None]) -> tuple[Record, Said]:
    record, said = Record(), Said("t0", CHANNEL, ANNE, PHONE, step=1, changes=list(changes))
    record.said[said.text] = said
    return record, said


def test_the_last_change_of_each_phone_may_stand() -> None:
    _, said = a_record((PHONE, "one"), (PHONE, "two"), (OTHER, "three"))
    assert said.endings() == {"two", "three"}


def test_what_had_not_left_when_days_passed_may_not_count() -> None:
    record, said = a_record((PHONE, None))
    record.doubt_changes()
    assert said.endings() == {"t0", None}


def test_what_a_comparison_has_seen_counts_whatever_becomes_of_the_phone() -> None:
    record, said = a_record((PHONE, None))
    said.settled = 1
    record.doubt(PHONE)
    record.doubt_changes()
    assert said.endings() == {None}


def test_what_was_over_does_not_come_back_when_more_is_kept_again() -> None:
    group = Group(CHANNEL, ANNE, {ANNE}, retention=Retention(2, 0, 1))
    group.forget(30 * DAY_MS)
    kept_from_ms = group.kept_from_ms
    group.retention = Retention(10, 0, 1)
    group.forget(30 * DAY_MS)
    assert group.kept_from_ms == kept_from_ms > 27 * DAY_MS
