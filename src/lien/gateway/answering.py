"""
Business acknowledgements (ZAM) to the hospital's own listener, at least once each.

One connection for each message, since engines differ in how long they keep one. A listener that is
away, or answers what cannot be read, is left alone for a second to a minute. What it answers `AR`
is sent again later; what it answers `AE` never is: by the standard, that is an error of syntax.
"""

import asyncio
import secrets
from datetime import UTC, datetime
from typing import Final

from lien.clock import Clock
from lien.gateway import acknowledgements, er7, mllp
from lien.gateway.acknowledgements import Failure
from lien.gateway.doors.tls import client_context_of
from lien.gateway.outage import LONGEST_WAIT_MS
from lien.gateway.quarantine import FRENCH, Reason, Unreadable
from lien.gateway.settings import MllpSettings, parse_listen
from lien.gateway.spool import QUARANTINED, Answer, AnswerState, DeliveryState, Spool
from lien.ids import RppsNumber
from lien.telemetry import Telemetry

_FIRST_WAIT_MS: Final = 1_000
_ANSWER_SECONDS: Final = 30.0  # to connect, send and be answered
_MAX_ANSWER_BYTES: Final = 65_536
_TAKEN: Final = frozenset({"AA", "CA"})
_REFUSED: Final = frozenset({"AE", "CE"})
_jitter: Final = secrets.SystemRandom()

_NO_BOX: Final = "Action non effectuée : boîte aux lettres non disponible"
_FAILURES: Final = {
    DeliveryState.HELD: Failure(
        "W", "450", _NO_BOX, "held", "Le document attend : son destinataire n'a pas de compte."
    ),
    DeliveryState.GIVEN_UP: Failure(
        "E", "550", _NO_BOX, "given_up", "Le destinataire n'a pas eu de compte dans le délai."
    ),
    DeliveryState.REFUSED: Failure(
        "E", "550", _NO_BOX, Reason.RPPS_UNKNOWN.value, FRENCH[Reason.RPPS_UNKNOWN]
    ),
    DeliveryState.CANCELLED: Failure(
        "E",
        "554",
        "Erreur permanente : l'envoi a échoué",
        "cancelled",
        "Le document a été remplacé ou retiré avant d'être remis.",
    ),
}


class Answerer:
    """Tells what is due. One for one spool: `step` is not called twice at once."""

    def __init__(
        self, spool: Spool, settings: MllpSettings, clock: Clock, telemetry: Telemetry
    ) -> None:
        """Raises: BadConfig."""
        self._spool = spool
        self._host, self._port = parse_listen(settings.answers_to)
        self._tls = client_context_of(
            settings.answers_authorities, settings.certificate, settings.key
        )
        self._clock = clock
        self._telemetry = telemetry
        self._failures = 0
        self._waits_until_ms = 0

    async def step(self) -> int:
        """
        Tell what is due, a bounded part of it; the milliseconds until something is again.

        Raises: sqlite3.Error. A listener's failures are waited out, not raised.
        """
        left_ms = self._waits_until_ms - self._clock.now_ms()
        if left_ms > 0:
            return left_ms
        due = await asyncio.to_thread(self._spool.answers.list_due)
        for one in due:
            try:
                said = await self._tell(one)
            except (OSError, Unreadable):  # TimeoutError is an OSError
                return self._wait()
            self._failures = 0
            await self._settle(one, said)
        if due:
            return 0
        turn_ms = await asyncio.to_thread(self._spool.answers.next_turn_ms)
        return LONGEST_WAIT_MS if turn_ms is None else max(0, turn_ms - self._clock.now_ms())

    async def _tell(self, answer: Answer) -> str:
        """MSA-1 of what is answered. Raises: OSError, Unreadable."""
        message = message_of(answer)
        async with asyncio.timeout(_ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
            try:
                writer.write(mllp.frame(message))
                await writer.drain()
                received = await _one_message(reader)
            finally:
                writer.close()
        said = er7.parse(received).find("MSA")
        if said is None or said.field(2).component(1) != answer.control_id:
            raise Unreadable(Reason.CONTRADICTORY)
        return said.field(1).component(1)

    async def _settle(self, answer: Answer, said: str) -> None:
        state, next_at_ms = AnswerState.PENDING, 0
        if said in _TAKEN:
            state = AnswerState.SENT
        elif said in _REFUSED:
            state = AnswerState.REFUSED
            self._telemetry.log("gateway_answer_refused")
        else:
            next_at_ms = self._clock.now_ms() + _wait_ms(answer.attempts + 1)
        await asyncio.to_thread(self._spool.answers.settle, answer.sequence, state, next_at_ms)

    def _wait(self) -> int:
        self._failures += 1
        wait_ms = _wait_ms(self._failures)
        self._waits_until_ms = self._clock.now_ms() + wait_ms
        self._telemetry.log("gateway_answers_wait", duration_ms=wait_ms)
        return wait_ms


def message_of(answer: Answer) -> bytes:
    """
    The acknowledgement, the same at every try.

    Raises: Unreadable, for a header that was not kept by the listener.
    """
    named = answer.named
    return acknowledgements.business(
        answer.header,
        control_id=answer.control_id,
        at=datetime.fromtimestamp(answer.at_ms / 1000, UTC),
        recipient=named.rpps if named else RppsNumber(""),
        address=named.address if named else "",
        failure=_failure_of(answer),
    )


def _failure_of(answer: Answer) -> Failure | None:
    if answer.outcome == DeliveryState.UNUSABLE:
        return Failure("E", "550", _NO_BOX, answer.reason, FRENCH[Reason(answer.reason)])
    if answer.outcome == QUARANTINED:
        stopped = "Action arrêtée : erreur de traitement"
        return Failure("E", "451", stopped, answer.reason, FRENCH[Reason(answer.reason)])
    return _FAILURES.get(DeliveryState(answer.outcome))


def _wait_ms(failures: int) -> int:
    """Full jitter, doubling to a minute, as for the server."""
    return _jitter.randint(100, min(LONGEST_WAIT_MS, _FIRST_WAIT_MS << min(failures, 10)))


async def _one_message(reader: asyncio.StreamReader) -> bytes:
    decoder = mllp.FrameDecoder(_MAX_ANSWER_BYTES)
    while data := await reader.read(_MAX_ANSWER_BYTES):
        if messages := decoder.feed(data):
            return messages[0]
    raise Unreadable(Reason.BAD_FRAME)
