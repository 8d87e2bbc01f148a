"""`lien check-config`: say what is wrong with the settings before anything is started."""

import argparse
from dataclasses import fields

from lien.cli import Subparsers, add_command, read_config


def add(subparsers: Subparsers) -> None:
    """Register the command."""
    parser = add_command(
        subparsers,
        "check-config",
        "Check the settings and show them.",
        "Starts nothing. An object store for blobs is tried: written, read, removed.",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print every setting; secrets are in files of which only the name is a setting."""
    import asyncio

    from lien.runtime.opening import try_configured_objects

    config = read_config()
    _check_territory(config.territory)
    asyncio.run(try_configured_objects(config))
    for field in fields(config):
        value = getattr(config, field.name)
        shown = _without_password(str(value)) if field.name == "valkey_url" else value
        shown = int(shown) if isinstance(shown, bool) else shown
        print(f"LIEN_{field.name.upper()}={shown}")
    return 0


def _check_territory(territory: str) -> None:
    from lien.config import BadConfig
    from lien.directory.rules import Territory

    try:
        Territory.parse(territory)
    except ValueError as error:
        raise BadConfig(f"LIEN_TERRITORY: {error}") from error


def _without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}…@{rest.rpartition('@')[2]}" if "@" in rest else url
