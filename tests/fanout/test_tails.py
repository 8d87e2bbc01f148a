"""What is answered from memory is what the log would answer, or nothing is."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from lien.fanout.tails import KEPT_SECONDS, TAIL_BYTES, Tails
from lien.ids import ChannelId

ONE, TWO = ChannelId("c1"), ChannelId("c2")


@dataclass
class Time:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Log:
    """A conversation as the store has it."""

    version: int = 1
    incarnation: int = 1
    offset: int = 0
    entries: list[tuple[int, int, int, bytes]] = field(default_factory=list)

    def append(self) -> tuple[int, int, int, bytes]:
        self.offset += 1
        content = f"{self.incarnation}:{self.offset}".encode()
        self.entries.append((self.version, self.incarnation, self.offset, content))
        return self.entries[-1]

    def after(self, offset: int) -> list[bytes]:
        return [
            content
            for _, incarnation, each, content in self.entries
            if incarnation == self.incarnation and each > offset
        ]


def test_who_is_a_little_behind_gets_the_rest_and_who_is_far_behind_nothing() -> None:
    tails = Tails()
    for offset in (5, 6, 7):
        tails.add(ONE, 1, 1, offset, b"%d" % offset)

    assert tails.find(ONE, 1, (1, 7), (1, 5)) == [b"6", b"7"]
    assert tails.find(ONE, 1, (1, 7), (1, 4)) == [b"5", b"6", b"7"]
    assert tails.find(ONE, 1, (1, 7), (1, 3)) is None
    assert tails.find(ONE, 1, (1, 7), (0, 0)) is None
    assert tails.find(ONE, 1, (1, 8), (1, 5)) is None, "an entry was not delivered here"
    assert tails.find(ONE, 2, (1, 7), (1, 5)) is None, "somebody came or went"
    assert tails.find(TWO, 1, (1, 7), (1, 5)) is None


def test_who_joined_reads_from_memory_only_what_came_after() -> None:
    tails = Tails()
    tails.add(ONE, 1, 1, 5, b"before")
    tails.add(ONE, 2, 1, 6, b"the statement")

    assert tails.find(ONE, 2, (1, 6), (1, 4)) is None
    assert tails.find(ONE, 2, (1, 6), (1, 5)) == [b"the statement"]


def test_nothing_is_kept_for_long_nor_without_a_bound() -> None:
    time = Time()
    tails = Tails(time, total_bytes=1_000)
    tails.add(ONE, 1, 1, 1, bytes(600))
    tails.add(TWO, 1, 1, 1, bytes(600))
    assert tails.find(ONE, 1, (1, 1), (1, 0)) is None, "the oldest makes place"
    assert tails.find(TWO, 1, (1, 1), (1, 0)) is not None

    time.now += KEPT_SECONDS + 1
    assert tails.find(TWO, 1, (1, 1), (1, 0)) is None
    tails.add(TWO, 1, 1, 2, b"")
    assert tails.find(TWO, 1, (1, 2), (1, 0)) is None
    assert tails.find(TWO, 1, (1, 2), (1, 1)) == [b""]


def test_a_long_tail_begins_anew() -> None:
    tails = Tails()
    for offset in range(1, 9):
        tails.add(ONE, 1, 1, offset, bytes(TAIL_BYTES // 4))

    kept = [after for after in range(9) if tails.find(ONE, 1, (1, 8), (1, after)) is not None]
    assert kept == [5, 6, 7]


steps = st.lists(
    st.sampled_from(["append", "append", "append", "miss", "join", "restore", "gap", "wait"]),
    max_size=40,
)


@given(steps, st.integers(0, 40))
def test_an_answer_from_memory_equals_the_logs(happened: list[str], behind: int) -> None:
    log, time = Log(), Time()
    tails = Tails(time, total_bytes=40)
    for each in happened:
        match each:
            case "append":
                version, incarnation, offset, content = log.append()
                tails.add(ONE, version, incarnation, offset, content)
            case "miss":  # nobody of it was here
                log.append()
            case "join":
                log.version += 1
            case "restore":
                log.incarnation += 1
            case "gap":
                tails.forget()
            case _:  # time passes
                time.now += KEPT_SECONDS / 3

    after = max(log.offset - behind, 0)
    found = tails.find(ONE, log.version, (log.incarnation, log.offset), (log.incarnation, after))
    assert found in (None, log.after(after))
    if happened[-2:] == ["append", "append"]:
        last = (log.incarnation, log.offset)
        assert tails.find(ONE, log.version, last, (last[0], last[1] - 1)) == log.after(last[1] - 1)
