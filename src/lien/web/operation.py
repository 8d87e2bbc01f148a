"""One HTTP operation, as the OpenAPI document describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lien.web.shapes import Shape


class Who(StrEnum):
    """What a request must bring."""

    OPEN = "open"
    FLOW = "flow"
    SESSION = "session"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `answer` None: the answer is no JSON."""

    method: str
    path: str
    who: Who
    summary: str
    answer: Shape | None
    body: Shape | None = None
    query: Mapping[str, Shape] = field(default_factory=dict)
    statuses: tuple[int, ...] = ()  # besides 200 and those of its kind
    takes_bytes: bool = False  # the body is application/octet-stream
    gives_bytes: bool = False  # the answer is


def open_to_all(
    method: str, path: str, summary: str, answer: Shape | None, **more: object
) -> Operation:
    return Operation(method, path, Who.OPEN, summary, answer, **more)  # type: ignore[arg-type]


def in_flow(method: str, path: str, summary: str, answer: Shape, **more: object) -> Operation:
    return Operation(method, path, Who.FLOW, summary, answer, **more)  # type: ignore[arg-type]


def signed(method: str, path: str, summary: str, answer: Shape | None, **more: object) -> Operation:
    return Operation(method, path, Who.SESSION, summary, answer, **more)  # type: ignore[arg-type]


def by_gateway(method: str, path: str, summary: str, answer: Shape, **more: object) -> Operation:
    return Operation(method, path, Who.GATEWAY, summary, answer, **more)  # type: ignore[arg-type]
