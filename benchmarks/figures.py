"""What every benchmark needs: its size, progress, and figures per unit."""

import resource
import sys
from dataclasses import dataclass
from typing import Any

from benchmarks.deployment import Usage

Figures = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much of everything; `--connections` and `--messages` change it."""

    connections: int
    messages: int


def say(text: str) -> None:
    """Progress, on standard error."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def raise_file_limit() -> None:
    """As many sockets as the system lets this user have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def micros(seconds: float, count: int) -> float:
    """Microseconds for one of them."""
    return round(seconds * 1e6 / count, 2)


def costs(used: Usage, deliveries: int) -> Figures:
    """What a delivery cost the server's processes, and Valkey."""
    return {
        "deliveries": deliveries,
        "server_us_per_delivery": micros(used.server, deliveries),
        "of_which_user_us": micros(used.server_user, deliveries),
        "valkey_us_per_delivery": micros(used.valkey, deliveries),
        "deliveries_per_server_cpu_second": int(deliveries / max(used.server, 0.01)),
    }
