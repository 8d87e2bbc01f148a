"""One submission, from any door: in a thread, counted, and the sender of documents woken."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from lien.gateway.intake import Intake, Taken
from lien.gateway.quarantine import Unreadable
from lien.gateway.spool import Outcome
from lien.telemetry import Metric, Telemetry

_METRICS = {
    Outcome.ACCEPTED: Metric.GATEWAY_TAKEN,
    Outcome.REPLAYED: Metric.GATEWAY_REPLAYED,
    Outcome.QUARANTINED: Metric.GATEWAY_QUARANTINED,
}


class Desk:
    """Where every door brings what it was given. At most `readers` are read at once."""

    def __init__(
        self, intake: Intake, readers: int, telemetry: Telemetry, wake: Callable[[], object]
    ) -> None:
        self._intake = intake
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._telemetry = telemetry
        self._wake = wake

    async def submit(
        self,
        data: bytes,
        metadata: bytes | None = None,
        *,
        way: str,
        keeps_unreadable: bool,
        header: bytes = b"",
    ) -> Taken:
        """
        Take it; on the disk when this returns. `header` as in `Intake.take`.

        Raises: Unreadable, SpoolFull, sqlite3.Error.
        """
        try:
            taken = await asyncio.get_running_loop().run_in_executor(
                self._readers,
                lambda: self._intake.take(
                    data, metadata, way=way, keeps_unreadable=keeps_unreadable, header=header
                ),
            )
        except Unreadable as error:
            self._telemetry.count(Metric.GATEWAY_UNREADABLE)
            self._telemetry.log("gateway_unreadable", reason=error.reason.value, route=way)
            raise
        for one in taken.added:
            self._telemetry.count(_METRICS[one.outcome])
            if one.reason:
                self._telemetry.log("gateway_quarantined", reason=one.reason.value, route=way)
        self._wake()
        return taken

    def close(self) -> None:
        """Wait for what is being read."""
        self._readers.shutdown(wait=True)
