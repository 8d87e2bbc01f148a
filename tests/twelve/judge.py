"""Compares what phones show with what was said, the server's log, and who may read what: pure."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from lien.ids import AccountId, ChannelId
from tests.twelve.log import Line, Log
from tests.twelve.phone import Held, Key
from tests.twelve.record import Record, Said


@dataclass(frozen=True, slots=True)
class View:
    """What one phone shows of one conversation."""

    phone: str
    account: AccountId
    held: Sequence[Held]
    kept_days: int  # as it believes

    @property
    def placed(self) -> list[Held]:
        """What the log has shown it."""
        return [held for held in self.held if held.offset]


class Judge:
    """One conversation. Each sentence of `faults` is something that must not be."""

    def __init__(self, record: Record, channel: ChannelId, log: Log) -> None:
        self._record, self._channel, self._log = record, channel, log
        self._group = record.groups[channel]
        self.faults: list[str] = []
        self._by_key: dict[Key, Said] = {}
        # Which entries of the log are texts, known by what was said or by any phone.
        self.texts: dict[int, Said] = {}

    def compare(self, views: Sequence[View]) -> None:
        self._compare_log()
        self._learn_texts(views)
        self._compare_certain()
        for view in views:
            self._compare_order(view)
            self._compare_rights(view)
            if view.account in self._log.last.accounts:
                self._compare_whole(view, {held.offset: held for held in view.placed})
                self._compare_retention(view)
        self._compare_endings(views)

    def confirm(self) -> None:
        """After a comparison without a fault: what the log holds is beyond doubt."""
        for offset, said in self.texts.items():
            said.key = self._log.lines[offset].key
            self._record.confirmed.add(said.text)
            said.settled = len(said.changes)

    def photographs(self, view: View) -> list[Said]:
        """Those that this phone must open."""
        if view.account not in self._log.last.accounts:
            return []
        must = self._must_show(view)
        return [said for said in must.values() if said.photograph and not said.changes]

    def _must_show(self, view: View) -> dict[int, Said]:
        """By offset, what a phone of a member reads that was set up today."""
        epochs = self._log.stretch(view.account)
        return {
            offset: said
            for offset, said in self.texts.items()
            if self._is_kept(self._log.lines[offset], epochs)
        }

    def _is_kept(self, line: Line, epochs: Set[int]) -> bool:
        return line.epoch in epochs and line.at_ms >= self._group.kept_from_ms

    def _fault(self, text: str) -> None:
        self.faults.append(f"{self._channel}: {text}")

    def _compare_log(self) -> None:
        keys = [line.key for line in self._log.lines.values()]
        if len(keys) != len(set(keys)):
            self._fault("doubled in the log")
        meant = self._group.members
        if self._log.last.accounts != meant:
            self._fault(f"members are {self._log.last.accounts}, meant {meant}")

    def _learn_texts(self, views: Sequence[View]) -> None:
        for said in self._record.said.values():
            if said.channel == self._channel and said.key is not None:
                self._by_key[said.key] = said
        for held in (held for view in views for held in view.held):
            found = self._record.said.get(held.text)
            if found is not None and found.key is None and held.key[0] == found.device:
                self._by_key[held.key] = found
        for line in self._log.lines.values():
            if line.key in self._by_key:
                self.texts[line.offset] = self._by_key[line.key]

    def _compare_certain(self) -> None:
        came = {said.text for said in self.texts.values()}
        for said in self._record.said.values():
            if said.channel == self._channel and said.is_certain and said.text not in came:
                self._fault(f"missing in the log: {said.text} of {said.device}, step {said.step}")

    def _compare_order(self, view: View) -> None:
        """In the order of the log, each once, and in its place."""
        offsets = [held.offset for held in view.placed]
        if offsets != sorted(set(offsets)):
            self._fault(f"{view.phone} shows another order, or something twice")
        keys = [held.key for held in view.held]
        if len(keys) != len(set(keys)):
            self._fault(f"{view.phone} shows one message twice")
        for held in view.placed:
            line = self._log.lines.get(held.offset)
            if line is None or line.key != held.key:
                self._fault(f"{view.phone} shows {held} where the log has {line}")

    def _compare_rights(self, view: View) -> None:
        may = self._log.ever(view.account)
        for held in view.placed:
            line = self._log.lines.get(held.offset)
            if line is not None and line.epoch not in may and not held.problem:
                self._fault(f"{view.phone} reads {held.text} and may not")

    def _compare_whole(self, view: View, shown: Mapping[int, Held]) -> None:
        """A phone of a member reads everything that a phone set up today would."""
        for held in view.held:
            if not held.offset and not held.problem:
                self._fault(f"{view.phone} has not sent {held.text}")
        for offset, said in self._must_show(view).items():
            found = shown.get(offset)
            if found is None:
                self._fault(f"{view.phone} misses {self._log.lines[offset]} {said.text}")
            elif found.problem:
                self._fault(f"{view.phone} cannot read {offset} {said.text}: {found.problem}")

    def _compare_retention(self, view: View) -> None:
        """What an admin chose is known to whoever can still read it."""
        chosen = self._group.retention
        may_be_gone = 0 < chosen.at_ms < self._group.kept_from_ms
        is_readable = chosen.epoch == 0 or chosen.epoch in self._log.stretch(view.account)
        if is_readable and not may_be_gone and view.kept_days != chosen.days:
            self._fault(f"{view.phone} keeps {view.kept_days} days, chosen were {chosen.days}")

    def _compare_endings(self, views: Sequence[View]) -> None:
        """Each message ends in a way that was asked for, and the same way for everyone in there."""
        ends: dict[Key, dict[str | None, str]] = {}
        for view in views:
            if view.account not in self._log.last.accounts:
                continue
            # Who comes back without the past, or late, never learns what was done meanwhile.
            must = self._log.stretch(view.account)
            for held in view.placed:
                line = self._log.lines.get(held.offset)
                if held.key in self._by_key and line is not None and self._is_kept(line, must):
                    end = None if held.is_deleted else held.text
                    ends.setdefault(held.key, {})[end] = view.phone
        for key, ways in ends.items():
            said = self._by_key[key]
            if len(ways) > 1 or not ways.keys() <= said.endings():
                self._fault(f"{said.text} is shown as {ways}, after {said.changes}")
