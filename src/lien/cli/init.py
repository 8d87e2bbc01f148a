"""`lien init`: make the data folder and the keys of a deployment. Repeating it changes nothing."""

import argparse

from lien.cli import Subparsers, add_command, read_config
from lien.config import Config


def add(subparsers: Subparsers) -> None:
    """Register the command."""
    parser = add_command(
        subparsers,
        "init",
        "Make the data folder and the keys of a new deployment.",
        "Keys that are there stay. Back up LIEN_DATA_DIR/keys: without the attestor key the\n"
        "accounts of this deployment can never be verified again.",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Say what was made."""
    config = read_config()
    made = prepare(config)
    for name in made:
        is_elsewhere = config.attestor_file is not None and config.attestor_file.name == name
        print(f"made {config.attestor_file if is_elsewhere else config.data_dir / 'keys' / name}")
    if not made:
        print(f"nothing to do: the keys are in {config.data_dir / 'keys'}")
    return 0


def prepare(config: Config) -> list[str]:
    """
    Make what is missing; return the names of the new files.

    Raises: BadConfig if the folder cannot be written.
    """
    from lien.accounts import keyfiles

    made = keyfiles.create_missing(config.data_dir, config.attestor_file)
    if config.mock_provider:
        from lien import mockprovider

        if mockprovider.create_missing(config.data_dir):
            made.append(mockprovider.KEY_FILE)
    return made
