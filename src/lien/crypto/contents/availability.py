"""
When a person can be counted on, as they tell those they talk with: on duty, absent, as usual.

It is said in each of their conversations, and the newest one counts everywhere: `since_ms` is when
the person chose it, however often it is said again. It ends by itself.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from lien.crypto.contents.body import Body
from lien.errors import Malformed
from lien.ids import AccountId

DUTY: Final = "duty"
ABSENT: Final = "absent"
USUAL: Final = "usual"
_STATES: Final = frozenset({DUTY, ABSENT, USUAL})
MAX_AVAILABILITY_MS: Final = 366 * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Availability:
    """
    What a person says of themselves.

    `until_ms` is 0 for `usual`, which takes back what was said before. Who is absent may name the
    account to turn to, `cover`.
    """

    type: ClassVar[str] = "availability"
    state: str
    since_ms: int
    until_ms: int = 0
    cover: AccountId | None = None

    def is_current(self, now_ms: int) -> bool:
        return now_ms < self.until_ms

    def body(self) -> dict[str, object]:
        return {
            "state": self.state,
            "since_ms": self.since_ms,
            **({"until_ms": self.until_ms} if self.until_ms else {}),
            **({"cover": [self.cover]} if self.cover else {}),
        }

    @classmethod
    def parse(cls, body: Body) -> "Availability":
        state = body.text("state", 16)
        since_ms = body.integer("since_ms", 1)
        until_ms = body.optional("until_ms", lambda name: body.integer(name, since_ms + 1)) or 0
        cover = next(iter(body.accounts("cover", 1)), None)
        if state not in _STATES or (state == USUAL) != (until_ms == 0):
            raise Malformed("an availability is one of three, and two of them end")
        if until_ms - since_ms > MAX_AVAILABILITY_MS or (cover and state != ABSENT):
            raise Malformed("an availability ends within a year, and only who is absent is covered")
        return cls(state, since_ms, until_ms, cover)
