"""
From bytes to the spool: read in a box, judged by the rules, kept, and only then answered.

Every way in ends here. What cannot be read is kept too when nobody waits for an answer; a sender
who does is told, and keeps it.
"""

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from lien.crypto.document import document_id
from lien.crypto.filing import Action
from lien.gateway import transfer
from lien.gateway.inbound import Inbound, Intent, Recipient
from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.reading import METADATA, Reading
from lien.gateway.routing import Route, Rules, route
from lien.gateway.spool import Added, Item, Named, NoSuchDocument, Note, Outcome, Raw, Spool
from lien.ids import DocumentId, RppsNumber, b64decode, b64encode, is_rpps

# What a person may decide by naming a recipient. Everything else is for the sender to put right.
RELEASABLE: Final = frozenset(
    {
        Reason.NO_RECIPIENT,
        Reason.RECIPIENT_WITHOUT_RPPS,
        Reason.RPPS_INVALID,
        Reason.RPPS_UNKNOWN,
    }
)
_ACTIONS: Final = {
    Intent.NEW: Action.NEW,
    Intent.REPLACE: Action.REPLACE,
    Intent.WITHDRAW: Action.WITHDRAW,
}
# `address_of` the other way round; FHIR ids know no underscore, hence hexadecimal digits.
_ADDRESS: Final = re.compile(r"(?:.*/)?DocumentReference/([0-9a-f]{32})")
Read = Callable[[bytes, bytes | None], Reading]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one submission: of each of its documents, or of all of it when unreadable."""

    kind: str
    added: tuple[Added, ...]

    @property
    def reason(self) -> Reason | None:
        """The first reason of a quarantine."""
        return next((one.reason for one in self.added if one.reason), None)


class Intake:
    """The one way into the spool. Its methods block."""

    def __init__(self, spool: Spool, ids_key: bytes, rules: Rules, read: Read) -> None:
        self._spool = spool
        self._ids_key = ids_key
        self._rules = rules
        self._read = read

    def take(
        self,
        data: bytes,
        metadata: bytes | None = None,
        *,
        way: str,
        keeps_unreadable: bool,
        header: bytes = b"",
    ) -> Taken:
        """
        Take a submission: on the disk when this returns. `header` is the `MSH` of a message whose
        sender is to be told what becomes of it.

        Raises: Unreadable when it cannot be read and is not to be kept, SpoolFull, sqlite3.Error.
        """
        try:
            reading = self._read(data, metadata)
        except Unreadable as error:
            if not keeps_unreadable:
                raise
            kept = self._keep(Raw(data, metadata), error.reason, None, way)
            return Taken("", (kept,))
        if keeps_unreadable and not reading.documents and reading.kind != METADATA:
            # Nobody is there to be told that this submits nothing: it must not vanish.
            kept = self._keep(Raw(data, metadata), Reason.UNKNOWN_FORMAT, None, way)
            return Taken(reading.kind, (kept,))
        added = [
            self._take_one(Raw(data, metadata, place), document, way, header)
            for place, document in enumerate(_distinct(reading.documents))
        ]
        return Taken(reading.kind, tuple(added))

    def retry(self, number: int, operator: str) -> Reason | None:
        """
        Read what is in quarantine again, with the rules of today; why it stays, or None.

        Raises: NoSuchDocument.
        """
        found = self._routed(number)
        note = Note("retry", operator)
        if isinstance(found, Reason) or found.reason:
            reason = found if isinstance(found, Reason) else found.reason
            assert reason is not None  # noqa: S101  said so above
            self._spool.upkeep.reason_again(number, reason, note)
            return reason
        item = self._item(found.document)
        self._spool.arrivals.requeue(number, item, _named(found), note)
        return None

    def release(self, number: int, numbers: Sequence[RppsNumber], operator: str) -> None:
        """
        Send what is in quarantine to people an operator names, on their word.

        Raises: NoSuchDocument, Unreadable with the reason that nobody may set aside.
        """
        if not numbers or not all(is_rpps(each) for each in numbers):
            raise Unreadable(Reason.RPPS_INVALID)
        found = self._routed(number)
        if isinstance(found, Reason):
            raise Unreadable(found)
        for reason in found.reasons:
            if reason not in RELEASABLE:
                raise Unreadable(reason)
        named = [Named(each, "") for each in dict.fromkeys(numbers)]
        note = Note("release", operator, " ".join(each.rpps for each in named))
        self._spool.arrivals.requeue(number, self._item(found.document), named, note)

    def _routed(self, number: int) -> Route | Reason:
        held = self._spool.upkeep.get_quarantined(number)
        if isinstance(held, Item):
            return route(held.inbound, self._rules)
        try:
            documents = _distinct(self._read(held.data, held.metadata).documents)
        except Unreadable as error:
            return error.reason
        if not documents:
            return Reason.UNKNOWN_FORMAT
        if held.place >= len(documents):
            raise NoSuchDocument("the submission does not hold this document any more")
        return route(documents[held.place], self._rules)

    def _take_one(self, raw: Raw, document: Inbound, way: str, header: bytes) -> Added:
        found = route(document, self._rules)
        if found.reason and not self._may_follow(found):
            # What is contradictory was refused to its sender, who is told nothing else.
            is_refused = found.reason is Reason.CONTRADICTORY
            return self._keep(raw, found.reason, document, way, b"" if is_refused else header)
        item = self._item(found.document)
        act, digest = self._act_of(document), self._digest_of(document)
        unusable = [(_named_of(each), reason) for each, reason in found.refused]
        added = self._spool.arrivals.add(item, _named(found), act, digest, way, header, unusable)
        if added.reason is Reason.CONTRADICTORY:
            return self._keep(raw, Reason.CONTRADICTORY, document, way)
        return added

    def _may_follow(self, found: Route) -> bool:
        """A withdrawal that names nobody goes to who had the document."""
        return found.document.intent is Intent.WITHDRAW and set(found.reasons) <= RELEASABLE

    def _keep(
        self,
        raw: Raw,
        reason: Reason,
        document: Inbound | None,
        way: str,
        header: bytes = b"",
    ) -> Added:
        digest = self._hashed(b"raw", raw.to_bytes())
        named = document.document_id if document else ""
        return self._spool.arrivals.quarantine(
            raw,
            reason,
            f"quarantine:{digest.hex()}",
            digest,
            way,
            self._id_of(named) if named else None,
            header,
        )

    def _item(self, document: Inbound) -> Item:
        return Item(
            inbound=document,
            document=self._id_of(document.document_id),
            set=self._id_of(document.set_id) if document.set_id else None,
            version=document.version,
            action=_ACTIONS[document.intent],
            replaces=tuple(dict.fromkeys(map(self._replaced, document.replaces[:16]))),
        )

    def _replaced(self, source: str) -> DocumentId:
        """A FHIR sender may name what it replaces by the address we answered with."""
        found = _ADDRESS.fullmatch(source)
        return DocumentId(b64encode(bytes.fromhex(found[1]))) if found else self._id_of(source)

    def _id_of(self, source: str) -> DocumentId:
        return document_id(self._ids_key, source)

    def _act_of(self, document: Inbound) -> str:
        """Its id, version and whether it is withdrawn: a new one and a replacement are one act."""
        wish = "withdraw" if document.intent is Intent.WITHDRAW else "deliver"
        return self._id_of(f"{document.document_id}\0{document.version}\0{wish}")

    def _digest_of(self, document: Inbound) -> bytes:
        return self._hashed(b"document", transfer.encode(Reading("", (document,))))

    def _hashed(self, what: bytes, data: bytes) -> bytes:
        return hmac.digest(self._ids_key, what + b"\0" + data, "sha256")


def address_of(document: DocumentId) -> str:
    """Where a FHIR sender may say that a document is, to replace it later."""
    return f"DocumentReference/{b64decode(document).hex()}"


def is_taken(taken: Taken) -> bool:
    """True if a sender may forget what it sent: it is delivered, or a person will look at it."""
    return all(one.reason is not Reason.CONTRADICTORY for one in taken.added)


def outcome_of(taken: Taken) -> Outcome:
    """The worst of a submission's outcomes, for counting."""
    outcomes = {one.outcome for one in taken.added}
    for each in (Outcome.QUARANTINED, Outcome.ACCEPTED, Outcome.REPLAYED):
        if each in outcomes:
            return each
    return Outcome.REPLAYED


def _named(found: Route) -> list[Named]:
    return [_named_of(each) for each in found.recipients]


def _named_of(recipient: Recipient) -> Named:
    return Named(recipient.rpps, recipient.name, recipient.address)


def _distinct(documents: Sequence[Inbound]) -> list[Inbound]:
    """A result message may carry one report twice, in two forms: the first with an id stands."""
    kept: list[Inbound] = []
    for document in documents:
        is_second = document.source == "hl7v2" and any(
            document.document_id in ("", each.document_id) for each in kept if each.document_id
        )
        if not is_second:
            kept.append(document)
    return kept
