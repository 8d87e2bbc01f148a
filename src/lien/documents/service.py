"""
The face of documents: who may deliver, to whom, and what became of it.

A gateway is asked for a proof with every request, and looked up every time: revoked means now.
What it delivers is opaque; the server checks only that it goes to the inbox of somebody whose
present secret it is sealed to.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from lien.accounts import Accounts, TooManyAttempts
from lien.audit import Actor, Event, EventKind, Trail
from lien.clock import Clock
from lien.conversations import Accepted, OldGeneration
from lien.crypto import gateway as attesting
from lien.crypto.attestor import AttestorKey
from lien.crypto.audit_key import attest_audit_key, audit_key_id
from lien.crypto.gateway import Attested, Revocation, verify_registration
from lien.crypto.signing import BadSignature, SigningKey, require_public
from lien.crypto.suite import hash32
from lien.directory import Directory
from lien.documents import rules
from lien.documents.errors import BadRegistrationCode
from lien.documents.models import (
    Allowance,
    Gateway,
    Recipient,
    Trace,
    TraceKind,
    TracePage,
)
from lien.documents.store import DocumentStore
from lien.errors import LienError, Malformed, NotFound
from lien.ids import AccountId, GatewayId, RppsNumber, b64decode, b64encode, new_id
from lien.telemetry import Metric, Telemetry

TRACE_PAGE: Final = 50
# A recipient is asked about once an hour and report: a laboratory's morning, or a harvest.
_LOOK_UPS: Final = (5_000, 10.0)
_REGISTRATIONS: Final = (10, 1 / 60)
_TRACES: Final = (500, 1.0)
_TRIES: Final = 4
_DAY_MS: Final = 86_400_000
_EVENTS: Final = {
    TraceKind.OPENED: EventKind.DOCUMENT_OPENED,
    TraceKind.SHARED: EventKind.DOCUMENT_SHARED,
    TraceKind.SAVED: EventKind.DOCUMENT_SAVED,
}


class Documents:
    """Gateways and what they deliver."""

    def __init__(
        self,
        store: DocumentStore,
        accounts: Accounts,
        directory: Directory,
        attestor: AttestorKey,
        clock: Clock,
        trail: Trail,
        telemetry: Telemetry,
        trace_days: int,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._directory = directory
        self._attestor = attestor.key
        self._attestors = attestor.attestors
        self._clock = clock
        self._trail = trail
        self._telemetry = telemetry
        self._kept_ms = trace_days * _DAY_MS
        self.audit_key: Attested | None = None
        # Other devices of the person are told that there is something to read.
        self.on_traced: Callable[[AccountId], Awaitable[object]] = _tell_nobody
        self._audit_key_id = ""

    # Gateways

    async def allow(self, name: str, structure: str, days: int) -> str:
        """
        Let one gateway register, within a week; its registration code.

        Raises: Malformed for a name or time out of bounds.
        """
        if not 1 <= days <= rules.MAX_DAYS:
            raise Malformed(f"a gateway is certified for 1 to {rules.MAX_DAYS} days")
        allowance = Allowance(name, structure, days)
        # Signing tells whether it could be signed later.
        nobody = GatewayId(b64encode(bytes(16)))
        probe = rules.certificate_of(allowance, nobody, _ANY_KEY, self._clock.now_ms())
        attesting.certify(probe, self._attestor)
        secret = b64decode(new_id())  # so that no code begins with a hyphen either
        await self._store.save_allowance(_name_of(secret), allowance, rules.CODE_LIFE_MS)
        await self._trail.record(Event(EventKind.GATEWAY_ALLOWED, Actor.OPERATOR))
        return rules.format_code(secret, self._attestor.public)

    async def register(
        self, secret: bytes, gateway: GatewayId, public: bytes, proof: bytes
    ) -> Gateway:
        """
        Certify a gateway's key; the same again finds the same certificate.

        Raises: BadRegistrationCode, Malformed, TooManyAttempts.
        """
        await self._take("gateway-registrations", *_REGISTRATIONS)
        try:
            verify_registration(require_public(public), secret, gateway, proof)
        except BadSignature as error:
            raise BadRegistrationCode("the proof is wrong") from error
        allowance = await self._store.find_allowance(_name_of(secret))
        if allowance is None:
            raise BadRegistrationCode("no such code")
        now_ms = self._clock.now_ms()
        certificate = rules.certificate_of(allowance, gateway, public, now_ms)
        attested = attesting.certify(certificate, self._attestor)
        if not await self._store.register(_name_of(secret), gateway, public, attested, now_ms):
            raise BadRegistrationCode("the code was taken")
        await self._trail.record(
            Event(EventKind.GATEWAY_REGISTERED, Actor.GATEWAY, subject=gateway)
        )
        return await self.get_gateway(gateway)

    async def find_gateway(self, gateway: GatewayId) -> Gateway | None:
        """A gateway, revoked or not."""
        found = await self._store.find_gateway(gateway)
        if found is None:
            return None
        attested, ended = found
        certificate = self._attestors.open(partial(attesting.open_certificate, attested))
        revoked_at_ms = 0
        if ended is not None:
            revocation = self._attestors.open(partial(attesting.open_revocation, ended))
            revoked_at_ms = revocation.revoked_at_ms
        return Gateway(certificate, attested, ended, revoked_at_ms)

    async def get_gateway(self, gateway: GatewayId) -> Gateway:
        """Raises: NotFound."""
        found = await self.find_gateway(gateway)
        if found is None:
            raise NotFound("no such gateway")
        return found

    async def access_gateway(self, gateway: GatewayId) -> Gateway:
        """
        A gateway that may ask for something now.

        Raises: GatewayUnknown, GatewayRevoked.
        """
        return rules.require_serving(await self.find_gateway(gateway), self._clock.now_ms())

    async def list_gateways(self) -> list[Gateway]:
        """Every gateway there is or was, for an operator."""
        return [await self.get_gateway(one) for one in await self._store.list_gateways()]

    async def revoke(self, gateway: GatewayId) -> Gateway:
        """
        End a gateway, now and for ever.

        Raises: NotFound.
        """
        await self.get_gateway(gateway)
        attested = attesting.revoke(Revocation(gateway, self._clock.now_ms()), self._attestor)
        await self._store.save_revocation(gateway, attested)
        await self._trail.record(Event(EventKind.GATEWAY_REVOKED, Actor.OPERATOR, subject=gateway))
        return await self.get_gateway(gateway)

    # Delivering

    async def find_recipients(
        self, gateway: GatewayId, numbers: Sequence[RppsNumber]
    ) -> list[Recipient]:
        """
        Whom numbers belong to, in their order.

        Raises: TooManyAttempts.
        """
        await self._take(f"gateway-recipients:{gateway}", *_LOOK_UPS, len(numbers))
        accounts = await self._accounts.find_accounts(numbers)
        return [await self._find_recipient(one, accounts.get(one)) for one in numbers]

    async def _find_recipient(self, rpps: RppsNumber, account: AccountId | None) -> Recipient:
        person = await self._directory.find(rpps)
        if person is None:
            return Recipient(rpps, is_known=False, account=account)
        name = f"{person.family_name} {person.given_name}".strip()
        return Recipient(
            rpps, is_known=True, name=name, profession=person.profession, account=account
        )

    async def deliver(self, gateway: GatewayId, clear: bytes, sealed: bytes) -> Accepted:
        """
        Append a delivery to the inbox it is for; on disk when this returns.

        The same delivery again, sealed anew or not, is answered by the first one's position.

        Raises: BadEnvelope, BadDocument, NotFound, RecipientDeparted, OldGeneration, StoreFull.
        """
        header = rules.require_own_delivery(gateway, clear, sealed)
        for _ in range(_TRIES):
            state = await self._accounts.get_chain(header.account)
            rules.require_current(header, state)
            done = await self._store.append(
                header, clear, sealed, state.length, self._clock.now_ms()
            )
            if done is not None:
                position, at_ms = done
                self._telemetry.count(Metric.DOCUMENTS_DELIVERED)
                return Accepted(position.incarnation, position.offset, at_ms)
        raise OldGeneration("the account's chain grows all the time")

    # Traces

    def use_audit_key(self, public: bytes) -> None:
        """Take traces from now on only if sealed to this key as well. Raises: Malformed."""
        self.audit_key = attest_audit_key(public, self._attestor)
        self._audit_key_id = audit_key_id(public)

    async def trace(self, account: AccountId, trace: Trace) -> None:
        """
        Write down what a person did with a document.

        Raises: BadTrace, AuditKeyMoved, TooManyAttempts.
        """
        rules.require_trace(trace, self._audit_key_id)
        await self._take(f"traces:{account}", *_TRACES)
        await self._store.add_trace(account, trace, self._clock.now_ms(), self._kept_ms)
        if trace.kind in _EVENTS:
            event = Event(_EVENTS[trace.kind], account, account, trace.document, trace.device)
            await self._trail.record(event)
        try:
            await self.on_traced(account)
        except LienError as error:
            # The trace stands: its device must not tell it again.
            self._telemetry.log("notice_failed", code=error.code)

    async def list_traces(self, account: AccountId, before: int = 0) -> TracePage:
        """What a person did with documents, for them: newest first."""
        found = await self._store.list_traces(account, before, TRACE_PAGE)
        return TracePage(tuple(found), found[-1].number if len(found) == TRACE_PAGE else 0)

    async def _take(self, name: str, capacity: int, per_second: float, count: int = 1) -> None:
        wait_ms = await self._store.buckets.take(name, capacity, per_second, count)
        if wait_ms:
            raise TooManyAttempts("too many at once", retry_after_ms=wait_ms)


_ANY_KEY: Final = SigningKey.from_seed(bytes(32)).public


async def _tell_nobody(account: AccountId) -> None:
    return


def _name_of(secret: bytes) -> str:
    """A code is known to the store by its hash."""
    return hash32(secret).hex()
