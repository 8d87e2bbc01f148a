"""`lien store`: what an operator does to the store by hand."""

import argparse

from lien.cli import Subparsers, add_command, read_config

_RESTORED = """\
Run it once after the store was restored from a backup, before `lien serve` is started again.
What was written after the backup is not in the store; devices still have it. The new number
makes them notice, step back to what is common, and send again what is missing.
"""


def add(subparsers: Subparsers) -> None:
    """Register the command and its parts."""
    parser = add_command(subparsers, "store", "Look after the store.")
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    part = add_command(
        parts, "new-incarnation", "Say that the store was restored from a backup.", _RESTORED
    )
    part.set_defaults(run=run_new_incarnation)


def run_new_incarnation(options: argparse.Namespace) -> int:
    """Give every shard the next incarnation number."""
    import asyncio

    from lien.runtime.opening import open_configured_store
    from lien.storage.incarnations import begin_incarnation

    config = read_config()

    async def begin() -> int:
        async with open_configured_store(config) as store:
            return await begin_incarnation(store)

    print(f"The store is now incarnation {asyncio.run(begin())}.")
    return 0
