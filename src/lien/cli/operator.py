"""What a command of the operator is given: the services of a deployment, without its doors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lien.accounts import Reconciled
    from lien.config import Config
    from lien.features import Features


@asynccontextmanager
async def open_features(config: "Config") -> "AsyncIterator[Features]":
    """
    The services beside `lien serve` or without it; whoever is signed out by them is out at once.

    Raises: BadConfig, UnusableStore.
    """
    from lien.accounts.keyfiles import load_keys
    from lien.clock import SystemClock
    from lien.features import build_features
    from lien.runtime.opening import open_configured_store
    from lien.telemetry import Telemetry

    keys = load_keys(config.data_dir, config.attestor_file)
    async with open_configured_store(config) as store:
        features = build_features(config, store, keys, (), SystemClock(), Telemetry())
        try:
            yield features
        finally:
            await features.enrolments.close()


async def follow_import(
    config: "Config", extract_date: str, may_be_many: bool
) -> "Reconciled | None":
    """
    Write an import into the trail, and let out who left with it; None where nobody can have an
    account yet.

    Raises: TooManyLeave.
    """
    from lien.accounts.keyfiles import has_keys
    from lien.audit import Actor, Event, EventKind

    if not has_keys(config.data_dir):
        return None
    async with open_features(config) as features:
        await features.trail.record(
            Event(EventKind.DIRECTORY_IMPORTED, Actor.OPERATOR, note=extract_date)
        )
        return await features.standings.reconcile(may_be_many=may_be_many)
