"""
The command line. One module per command, each with `add(subparsers)` and a `run` of its own.

A command's module imports at its top only what its options need, so that `lien --help` answers
at once; the rest is imported when it runs. Exit codes: 0 done, 1 refused with the reason on
stderr, 2 a wrong command line, 130 interrupted.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

from lien import __version__
from lien.config import Config
from lien.errors import LienError

# In the order of the help.
COMMANDS: Final = (
    *("serve", "demo", "init", "check_config", "health"),
    *("directory", "account", "attestor", "audit", "export", "gateway", "store"),
)

Subparsers = Any  # argparse names the class only with an underscore

_EPILOG: Final = """\
examples:
  lien demo                          try Lien on this machine with invented people
  lien init                          make the keys of a new deployment
  lien check-config                  say what is wrong with the settings
  lien serve                         run Lien
  lien directory import FILE.zip     replace the directory by the national extract
  lien directory search hoarau       look people up
  lien account suspend 99000000018   let someone out, everywhere, within seconds
  lien attestor rotate --yes         put a new key in the place of the one that signs identities
  lien export verify messages.pdf    say who signed a PDF of exported messages
  lien audit verify                  check the trail of sign-ins and changes

Settings are LIEN_ variables of the environment; see docs/configuration.md.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except LienError as error:
        print(f"lien: {str(error) or error.code}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader, `head` for instance, has enough. Python would complain again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def read_config() -> Config:
    """
    The settings of this environment.

    Raises: BadConfig.
    """
    # A process starts here: what it builds is given the values and never looks around.
    return Config.from_environ(os.environ)  # noqa: TID251


def add_command(subparsers: Subparsers, name: str, text: str, epilog: str = "") -> Any:
    """One command of the help, with its examples as they are written."""
    return subparsers.add_parser(
        name,
        help=text[0].lower() + text[1:].rstrip("."),
        description=text,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lien",
        description="The encrypted messenger of the health professionals of a territory.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"lien {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        importlib.import_module(f"lien.cli.{command}").add(subparsers)
    return parser
