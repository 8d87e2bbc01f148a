"""`lien attestor`: the key that signs who was verified; shown, and followed by another one."""

import argparse
import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

from lien.cli import Subparsers, add_command, read_config
from lien.errors import LienError

if TYPE_CHECKING:
    from lien.features import Features

_EPILOG: Final = """\
The key is made by `lien init`, in LIEN_DATA_DIR/keys/attestor.key or where
LIEN_ATTESTOR_KEY_FILE says.

examples:
  lien attestor show
  systemctl stop lien; lien attestor rotate --yes; systemctl start lien
  lien attestor renew                     finish, when `rotate` was cut off
"""


class NotConfirmed(LienError):
    """What cannot be undone is said twice."""


def add(subparsers: Subparsers) -> None:
    """Register the command and its parts."""
    parser = add_command(
        subparsers, "attestor", "The key that signs who was verified: show, rotate.", _EPILOG
    )
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    _add(parts, "show", "Its public half, and how often it was changed.", _show)
    rotate = _add(
        parts,
        "rotate",
        "Put a new key in its place, signed by it, and sign everyone again.",
        _rotate,
        "Stop `lien serve` first, everywhere, and copy the key file to every machine before it\n"
        "starts again. Phones follow by themselves. Back up the new file.",
    )
    rotate.add_argument("--yes", action="store_true", help="do it: the old key is given up")
    _add(parts, "renew", "Sign everyone whom only an earlier key has signed.", _renew)


def _add(
    parts: Subparsers, name: str, text: str, act: Any, epilog: str = ""
) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = add_command(parts, name, text, epilog)
    part.add_argument("--json", action="store_true", help="print JSON")

    def run(options: argparse.Namespace) -> int:
        value = act(options)
        if options.json:
            print(json.dumps(value))
        else:
            print("\n".join(f"{name.replace('_', ' ')}: {one}" for name, one in value.items()))
        return 0

    part.set_defaults(run=run)
    return part


def _show(options: argparse.Namespace) -> dict[str, Any]:
    from lien.accounts.keyfiles import load_keys
    from lien.ids import b64encode

    config = read_config()
    attestor = load_keys(config.data_dir, config.attestor_file).attestor
    return {"public": b64encode(attestor.public), "rotations": len(attestor.steps)}


def _rotate(options: argparse.Namespace) -> dict[str, Any]:
    from lien.accounts.keyfiles import rotate_attestor
    from lien.clock import SystemClock

    if not options.yes:
        raise NotConfirmed("stop `lien serve` first, then add --yes")
    config = read_config()
    rotate_attestor(config.data_dir, config.attestor_file, SystemClock().now_ms())
    return {**_show(options), **asyncio.run(_sign_again(is_rotated=True))}


def _renew(options: argparse.Namespace) -> dict[str, Any]:
    return {**_show(options), **asyncio.run(_sign_again(is_rotated=False))}


async def _sign_again(*, is_rotated: bool) -> dict[str, Any]:
    from lien.audit import Actor, Event, EventKind
    from lien.cli.operator import open_features

    async with open_features(read_config()) as features:
        if is_rotated:
            await features.trail.record(Event(EventKind.ATTESTOR_ROTATED, Actor.OPERATOR))
        return {"accounts_signed_again": await renew_all(features)}


async def renew_all(features: "Features") -> int:
    """
    Let the current key say what an earlier one said of everyone who takes part; how many.

    Cut off, it goes on where it was. Closed accounts stay as they are: nobody asks who they are.
    """
    newest = len(features.accounts.attestor.attestors.publics) - 1
    count = 0
    for account in sorted(await features.accounts.list_all()):
        state = await features.accounts.get_chain(account)
        body = state.identity or state.sponsored
        if state.is_closed or body is None or state.attestor >= newest:
            continue
        await features.accounts.attest(account, body)
        count += 1
    return count
