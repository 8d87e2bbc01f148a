"""The command line itself: help, exit codes, and errors as sentences."""

import subprocess
import sys

import pytest

from lien import __version__
from lien.cli import COMMANDS, main


def names() -> list[str]:
    return [command.replace("_", "-") for command in COMMANDS]


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    for name in names():
        assert f"\n    {name}" in text
    assert "examples:" in text


@pytest.mark.parametrize("name", names())
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert f"usage: lien {name}" in capsys.readouterr().out


def test_help_does_not_load_the_server() -> None:
    """It answers at once; the heavy libraries are imported by the command that needs them."""
    code = (
        "import sys; sys.argv = ['lien', '--help']\n"
        "from lien.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('redis', 'starlette', 'nacl', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"lien {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["unknown"], ["directory"], ["directory", "search"]])
def test_wrong_command_line_is_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err
