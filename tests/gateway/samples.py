"""Our own fictitious documents, as written in `fixtures`, and small changes to them."""

import json
import re
from pathlib import Path
from typing import Any

from lien.gateway.reading import read
from lien.gateway.routing import Route, Rules, route

FIXTURES = Path(__file__).parent / "fixtures"
FIRST, SECOND, PHYSICIAN, AUTHOR = "99000000002", "99000000010", "99000000028", "99000000036"
DEMO = Rules(allows_test_identities=True)
NIR = "1.2.250.1.213.1.4.8"
TEST = "1.2.250.1.213.1.4.10"
NUMBER = "185039741102565"


def sample(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def changed(name: str, *changes: tuple[str, str]) -> bytes:
    """A fixture with each text replaced, which must be there; what takes its place stays."""
    text, after = sample(name).decode(), dict(changes)
    for before in after:
        assert before in text, before
    return re.sub("|".join(map(re.escape, after)), lambda it: after.get(it[0], ""), text).encode()


def a_bundle(name: str = "fhir_iti65.json") -> Any:
    return json.loads(sample(name))


def routed(data: bytes, rules: Rules = DEMO, metadata: bytes | None = None) -> Route:
    """The route of a file with one document."""
    (document,) = read(data, metadata).documents
    return route(document, rules)


def numbers(found: Route) -> list[str]:
    return [each.rpps for each in found.recipients]
