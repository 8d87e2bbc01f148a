"""RFC 6455 as an independent suite sees it: nothing failed, no wrong close code."""

import asyncio

import pytest

from tests.autobahn.cases import Unreachable
from tests.autobahn.suite import Verdict, run_all

# Text that becomes invalid in the middle of a frame is refused at the frame's end. The suite
# would rather have it at the very byte.
_LATE = {"6.4.3", "6.4.4"}
# Whatever happens, the suite calls it so.
_INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}


async def test_every_case_of_the_autobahn_suite() -> None:
    """Once as an ASGI application sees the socket, once detached as the product uses it."""
    try:
        asgi, detached = await asyncio.gather(run_all(detached=False), run_all(detached=True))
    except Unreachable as error:
        pytest.skip(str(error))

    assert (len(asgi), len(detached)) == (301, 156)
    assert _not_ok(asgi) <= _LATE | _INFORMATIONAL, asgi
    assert _not_ok(detached) <= _INFORMATIONAL, detached


def _not_ok(verdicts: list[Verdict]) -> set[str]:
    for each in verdicts:
        assert "FAILED" not in (each.behavior, each.close), each
        assert each.close in ("OK", "INFORMATIONAL"), each
    return {each.case for each in verdicts if each.behavior != "OK"}
