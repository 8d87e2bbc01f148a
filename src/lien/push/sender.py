"""
One call of a vendor's push service, as far from ourselves as it can be: no redirect, no cookie,
no proxy of the environment, a bounded time, and nothing of the answer but its status.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection
from enum import Enum
from typing import Final

import httpx

from lien.clock import Clock
from lien.crypto.webpush import BadSubscription, VapidKey, encrypt_push
from lien.push import rules
from lien.push.models import Subscription
from lien.trust import authorities

_TIMEOUT_SECONDS: Final = 10.0
_TOKEN_SECONDS: Final = 12 * 3600  # RFC 8292, 2: at most 24 hours
# Everything of Lien replaces what is still waiting for that device (RFC 8030, 5.4).
_TOPIC: Final = "lien"

Resolve = Callable[[str], Awaitable[list[str]]]


class Outcome(Enum):
    """What became of one push."""

    TAKEN = "taken"
    GONE = "gone"  # the subscription is over: it is removed
    FAILED = "failed"


async def resolve(host: str) -> list[str]:
    """The addresses of a name. Raises: OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


class Sender:
    """Pushes to subscriptions. `client` is for tests, which have no vendor."""

    def __init__(
        self,
        key: VapidKey,
        subject: str,
        hosts: Collection[str],
        clock: Clock,
        client: httpx.AsyncClient | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        self._key = key
        self._subject = subject
        self._hosts = frozenset(hosts)
        self._clock = clock
        self._resolve = resolve
        self._client = client or httpx.AsyncClient(
            verify=authorities(),
            timeout=_TIMEOUT_SECONDS,
            follow_redirects=False,
            trust_env=False,
        )

    @property
    def public(self) -> bytes:
        """What browsers subscribe with."""
        return self._key.public

    def check(self, endpoint: str) -> None:
        """Raises: BadSubscription for an address that is never called."""
        rules.require_endpoint(endpoint, self._hosts)

    async def send(self, subscription: Subscription, count: int, *, is_urgent: bool) -> Outcome:
        """Wake one device. Never raises: a push is a hint, the log is the truth."""
        try:
            host = rules.require_endpoint(subscription.endpoint, self._hosts)
            rules.require_public(await self._resolve(host))
            status = await self._post(subscription, host, count, is_urgent=is_urgent)
        except BadSubscription:
            return Outcome.GONE
        except (httpx.HTTPError, OSError):
            return Outcome.FAILED
        # RFC 8030, 7.3: 404 and 410 say that the subscription is over.
        if status in (404, 410):
            return Outcome.GONE
        return Outcome.TAKEN if 200 <= status < 300 else Outcome.FAILED

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _post(
        self, subscription: Subscription, host: str, count: int, *, is_urgent: bool
    ) -> int:
        expires_at = self._clock.now_ms() // 1000 + _TOKEN_SECONDS
        body = encrypt_push(rules.payload(count), subscription.keys)
        headers = {
            "Authorization": self._key.authorization(f"https://{host}", self._subject, expires_at),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(rules.LIFE_SECONDS),
            "Urgency": "high" if is_urgent else "normal",
            "Topic": _TOPIC,
        }
        async with self._client.stream(
            "POST", subscription.endpoint, content=body, headers=headers
        ) as response:
            return response.status_code
