"""
From the spool to the inboxes: look up, seal, upload, deliver, and write down what became of it.

Law 1: what the server answered is in the spool before the next question; a crash in between asks
       again, and the server knows a delivery by its id.
Law 2: a server that is away changes nothing but the time of the next try.
Law 3: nobody is sealed to who is not the owner of a verified chain with a current secret.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from lien.client.blobs import seal, upload
from lien.client.errors import ServerFailure
from lien.client.gateway import (
    MAX_DELIVERIES,
    MAX_NUMBERS,
    FoundRecipient,
    GatewayContacts,
    GatewayHttp,
    deliver,
    find_recipients,
    seal_for,
)
from lien.clock import Clock
from lien.crypto.chain import BadLink, ChainState
from lien.crypto.document_content import BadDocument, Document
from lien.crypto.filing import Action, BlobKey, Reader
from lien.crypto.signing import SigningKey
from lien.gateway import sealing
from lien.gateway.outage import FAILURES, LONGEST_WAIT_MS, Outage, is_about_everything
from lien.gateway.quarantine import Reason
from lien.gateway.spool import Delivery, DeliveryState, Due, Spool, first_of_each
from lien.ids import AccountId, GatewayId, RppsNumber
from lien.telemetry import Metric, Telemetry

T = TypeVar("T")

_KNOWN_MS: Final = 300_000  # an account is asked for again after that
_CHAIN_MS: Final = 60_000
_AT_ONCE: Final = 4
_AGAIN_MS: Final = 1_000  # a secret was rotated in between: the new one is asked for at once
# The server's word on one document, which trying again does not change.
_HOPELESS: Final = {"blob_too_large": Reason.TOO_LARGE, "bad_document": Reason.TOO_COMPLEX}
NO_ACCOUNT: Final = "no_account"
DEPARTED: Final = "recipient_departed"


@dataclass(frozen=True, slots=True)
class Holding:
    """How long a recipient without an account is waited for, and how often they are looked up."""

    hold_ms: int
    check_ms: int


@dataclass(frozen=True, slots=True, repr=False)
class _Ready:
    """A delivery whose recipient can be sealed to now."""

    delivery: Delivery
    state: ChainState


class Sender:
    """Delivers what is due. One at a time for one spool: `step` is not called twice at once."""

    def __init__(
        self,
        spool: Spool,
        http: GatewayHttp,
        contacts: GatewayContacts,
        gateway: GatewayId,
        key: SigningKey,
        clock: Clock,
        holding: Holding,
        telemetry: Telemetry,
    ) -> None:
        self._spool = spool
        self._http = http
        self._contacts = contacts
        self._gateway = gateway
        self._key = key
        self._clock = clock
        self._holding = holding
        self._telemetry = telemetry
        self._found: dict[RppsNumber, tuple[FoundRecipient, int]] = {}
        self._asked: dict[AccountId, int] = {}
        self._outage = Outage(spool, clock, telemetry)

    async def step(self) -> int:
        """
        Deliver what is due, a bounded part of it; the milliseconds until something is again.

        Raises: sqlite3.Error. The server's failures are waited out, not raised.
        """
        left_ms = self._outage.left_ms()
        if left_ms:
            return left_ms
        due = await self._call(self._spool.turns.list_due)
        if due:
            try:
                await self._look_up(due)
                await self._deliver_all(first_of_each(due))
            except FAILURES as error:
                failure = error
                return await self._call(lambda: self._outage.note(failure))
            await self._call(self._outage.end)
            return 0
        turn_ms = await self._call(self._spool.turns.next_turn_ms)
        return LONGEST_WAIT_MS if turn_ms is None else max(0, turn_ms - self._clock.now_ms())

    # Looking up

    async def _look_up(self, due: Sequence[Due]) -> None:
        now_ms = self._clock.now_ms()
        wanted = {
            *(one.named.rpps for each in due for one in each.deliveries),
            *(named.rpps for each in due for named in each.readers),
        }
        stale = sorted(rpps for rpps in wanted if not self._is_known(rpps, now_ms))
        for first in range(0, len(stale), MAX_NUMBERS):
            for found in await find_recipients(self._http, stale[first : first + MAX_NUMBERS]):
                self._found[found.rpps] = (found, now_ms)

    def _is_known(self, rpps: RppsNumber, now_ms: int) -> bool:
        found, at_ms = self._found.get(rpps, (None, 0))
        if found is None:
            return False
        life_ms = _KNOWN_MS if found.account else min(self._holding.check_ms, _KNOWN_MS)
        return now_ms - at_ms < life_ms

    async def _chain_of(self, account: AccountId) -> ChainState:
        """
        A verified chain, asked for again once a minute: the server refuses what was sealed to
        a secret that was replaced, or to who left, and then it is asked for at once.
        """
        now_ms = self._clock.now_ms()
        known = self._contacts.find(account)
        if known is None or now_ms - self._asked.get(account, 0) >= _CHAIN_MS:
            known = await self._contacts.refresh(account)
            self._asked[account] = now_ms
        return known

    def _forget(self, rpps: RppsNumber) -> None:
        """Ask again before the next try."""
        found, _ = self._found[rpps]
        self._found[rpps] = (found, 0)
        if found.account is not None:
            self._asked.pop(found.account, None)

    def _reader(self, rpps: RppsNumber, named: str) -> Reader:
        found, _ = self._found[rpps]
        return sealing.reader_of(rpps, found.name or named, found.profession)

    # Delivering

    async def _deliver_all(self, due: Iterable[Due]) -> None:
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(each: Due) -> None:
            async with turns:
                try:
                    await self._deliver(each)
                except FAILURES:
                    raise
                # A bug that one document meets must not keep the others in the hospital.
                except Exception as error:
                    self._telemetry.log("gateway_document_failed", error=type(error).__name__)
                    for delivery in each.deliveries:
                        await self._hold(each, delivery, "internal")

        results = await asyncio.gather(*map(one, due), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _deliver(self, due: Due) -> None:
        if self._is_for_nobody(due):
            await self._give_to_quarantine(due, Reason.RPPS_UNKNOWN)
            return
        ready = [one for one in [await self._prepare(due, each) for each in due.deliveries] if one]
        try:
            if ready:
                document = await self._seal(due, [one.state.account for one in ready])
                for first in range(0, len(ready), MAX_DELIVERIES):
                    await self._send(due, document, ready[first : first + MAX_DELIVERIES])
        except BadDocument:
            await self._give_to_quarantine(due, Reason.TOO_COMPLEX)
        except ServerFailure as failure:
            if is_about_everything(failure):
                raise
            if failure.answer in _HOPELESS:
                await self._give_to_quarantine(due, _HOPELESS[failure.answer])
                return
            for one in ready:
                await self._hold(due, one.delivery, failure.answer)

    def _is_for_nobody(self, due: Due) -> bool:
        """Nobody it names is in the directory: a person looks at it."""
        found = [self._found[one.rpps][0] for one in due.readers]
        return due.item.action is not Action.WITHDRAW and not any(
            one.is_known or one.account for one in found
        )

    async def _prepare(self, due: Due, delivery: Delivery) -> _Ready | None:
        """A recipient who can be sealed to; the others are settled or held here."""
        found, _ = self._found[delivery.named.rpps]
        if not found.is_known and found.account is None:
            unknown = Reason.RPPS_UNKNOWN.value
            await self._settle(delivery, state=DeliveryState.REFUSED, error=unknown)
            return None
        if found.account is None:
            await self._hold(due, delivery, NO_ACCOUNT)
            return None
        try:
            state = await self._chain_of(found.account)
        except BadLink:
            # Not the owner's doing: a server that shows another chain than before.
            await self._hold(due, delivery, BadLink.code)
            return None
        except ServerFailure as failure:
            if is_about_everything(failure):
                raise
            self._forget(found.rpps)  # one recipient's trouble keeps nobody else waiting
            await self._hold(due, delivery, failure.answer)
            return None
        owner = state.identity.rpps if state.identity else ""
        if owner != found.rpps or state.is_departed or state.is_stale:
            self._forget(found.rpps)  # a closed account may have been followed by another
            await self._hold(due, delivery, DEPARTED)
            return None
        return _Ready(delivery, state)

    async def _seal(self, due: Due, accounts: Sequence[AccountId]) -> Document:
        blobs: dict[str, BlobKey] = {}
        for name, content in sealing.contents_of(due.item).items():
            sealed = seal(content)
            await upload(self._http, sealed, accounts=accounts)
            one = sealed.reference
            blobs[name] = BlobKey(one.blob, one.key, one.size, one.hash)
        readers = [self._reader(one.rpps, one.name) for one in due.readers]
        return sealing.document_of(due.item, readers, blobs, self._http.now_ms())

    async def _send(self, due: Due, document: Document, ready: Sequence[_Ready]) -> None:
        sealed = [seal_for(self._gateway, self._key, document, one.state) for one in ready]
        results = await deliver(self._http, sealed)
        done = [one.delivery for one, said in zip(ready, results, strict=True) if not said.code]
        await self._settle(*done, state=DeliveryState.DELIVERED)
        for one, said in zip(ready, results, strict=True):
            if said.code:
                self._forget(one.delivery.named.rpps)
                await self._hold(due, one.delivery, said.code)

    # Writing down

    async def _hold(self, due: Due, delivery: Delivery, error: str) -> None:
        now_ms = self._clock.now_ms()
        if now_ms - due.received_at_ms >= self._holding.hold_ms:
            await self._settle(delivery, state=DeliveryState.GIVEN_UP, error=error)
            return
        wait_ms = _AGAIN_MS if error == "old_generation" else self._holding.check_ms
        await self._settle(
            delivery, state=DeliveryState.HELD, error=error, next_at_ms=now_ms + wait_ms
        )

    async def _settle(
        self, *deliveries: Delivery, state: DeliveryState, error: str = "", next_at_ms: int = 0
    ) -> None:
        metric = _METRICS.get(state)
        fresh = sum(1 for one in deliveries if one.state is not state)
        if metric and fresh:
            self._telemetry.count(metric, fresh)
        if deliveries:
            await self._call(
                lambda: self._spool.turns.settle(
                    *deliveries, state=state, error=error, next_at_ms=next_at_ms
                )
            )

    async def _give_to_quarantine(self, due: Due, reason: Reason) -> None:
        self._telemetry.count(Metric.GATEWAY_QUARANTINED)
        await self._call(lambda: self._spool.turns.quarantine(due.number, reason))

    async def _call(self, work: Callable[[], T]) -> T:
        """The spool waits for the disk; the sockets must not wait for the spool."""
        return await asyncio.to_thread(work)


_METRICS: Final = {
    DeliveryState.DELIVERED: Metric.GATEWAY_DELIVERED,
    DeliveryState.HELD: Metric.GATEWAY_HELD,
    DeliveryState.GIVEN_UP: Metric.GATEWAY_GIVEN_UP,
    DeliveryState.REFUSED: Metric.GATEWAY_REFUSED,
}
