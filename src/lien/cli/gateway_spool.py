"""`lien gateway status`, `quarantine`, `retry`, `release`, `journal`: what waits, and why."""

import argparse
import json
import os
import pwd
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lien.cli import Subparsers, add_command
from lien.cli.gateway_hospital import add_config, settings_of
from lien.errors import LienError

if TYPE_CHECKING:
    from lien.gateway.intake import Intake
    from lien.gateway.spool import Spool

Show = Callable[[Any], str]


class NotAuthorised(LienError):
    """Only the operators that the settings name decide about a document."""


class StaysInQuarantine(LienError):
    """A reason that nobody may set aside."""


def add(parts: Subparsers) -> None:
    """Register the parts."""
    _add(parts, "status", "Say what waits, for how long, and whether the server answers.", _status)
    _add(parts, "quarantine", "List what goes to nobody until somebody looks.", _quarantine)
    _add(parts, "journal", "List who decided what about which document.", _journal)
    retry = _add(
        parts,
        "retry",
        "Read what is in quarantine again, with the settings and rules of now.",
        _retry,
        "For instance after the directory was brought up to date.",
    )
    retry.add_argument("number", metavar="NUMBER", help="as `quarantine` lists it, or `all`")
    release = _add(
        parts,
        "release",
        "Send a document that names no usable recipient, on your word.",
        _release,
        "Only for who is listed as an operator in the settings; it is written into the journal.\n"
        "A document that is masked, contradictory or unreadable is never released.",
    )
    release.add_argument("number", metavar="NUMBER", type=int, help="as `quarantine` lists it")
    release.add_argument(
        "--to", action="append", required=True, metavar="RPPS", help="who is to have it"
    )


def _add(
    parts: Subparsers,
    name: str,
    text: str,
    act: Callable[["Spool", "Intake", argparse.Namespace], tuple[Any, Show]],
    epilog: str = "",
) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = add_command(parts, name, text, epilog)
    add_config(part)
    part.add_argument("--json", action="store_true", help="print JSON")

    def run(options: argparse.Namespace) -> int:
        from lien.clock import SystemClock
        from lien.gateway.identity import load_keys
        from lien.gateway.running import build_intake, open_spool

        settings = settings_of(options)
        options.operators = settings.operators
        keys = load_keys(settings.state)
        spool = open_spool(settings, keys, SystemClock())
        try:
            value, show = act(spool, build_intake(settings, keys, spool), options)
        finally:
            spool.close()
        print(json.dumps(value) if options.json else show(value))
        return 0

    part.set_defaults(run=run)
    return part


def _status(spool: "Spool", _: "Intake", __: argparse.Namespace) -> tuple[Any, Show]:
    return spool.upkeep.describe(), _show_status


def _quarantine(spool: "Spool", _: "Intake", __: argparse.Namespace) -> tuple[Any, Show]:
    from lien.gateway.quarantine import FRENCH

    listed = [
        {
            "number": one.number,
            "way": one.way,
            "reason": one.reason.value,
            "sentence": FRENCH[one.reason],
            "received_at_ms": one.received_at_ms,
        }
        for one in spool.upkeep.list_quarantined()
    ]
    return (
        listed,
        lambda value: (
            "\n".join(
                f"{one['number']:>6}  {_instant(one['received_at_ms'])}  {one['way']:<8}"
                f"  {one['reason']:<22}  {one['sentence']}"
                for one in value
            )
            or "nothing waits"
        ),
    )


def _journal(spool: "Spool", _: "Intake", __: argparse.Namespace) -> tuple[Any, Show]:
    return (
        spool.upkeep.list_journal(),
        lambda value: (
            "\n".join(
                f"{_instant(one['at_ms'])}  {one['kind']:<8}  {one['document']:>6}"
                f"  {one['operator']}  {one['detail']}"
                for one in value
            )
            or "nothing was decided"
        ),
    )


def _retry(spool: "Spool", intake: "Intake", options: argparse.Namespace) -> tuple[Any, Show]:
    if options.number == "all":
        numbers = [one.number for one in spool.upkeep.list_quarantined()]
    else:
        numbers = [_number(options.number)]
    found = {number: intake.retry(number, _user()) for number in numbers}
    value = {str(number): reason and reason.value for number, reason in found.items()}
    return (
        value,
        lambda value: (
            "\n".join(
                f"{number:>6}  {'stays: ' + reason if reason else 'is on its way'}"
                for number, reason in value.items()
            )
            or "nothing waits"
        ),
    )


def _release(spool: "Spool", intake: "Intake", options: argparse.Namespace) -> tuple[Any, Show]:
    from lien.gateway.quarantine import ENGLISH, Unreadable
    from lien.ids import RppsNumber

    operator = _user()
    if operator not in options.operators:
        raise NotAuthorised(f"{operator} is not among the operators of the settings")
    try:
        intake.release(options.number, [RppsNumber(each) for each in options.to], operator)
    except Unreadable as error:
        raise StaysInQuarantine(ENGLISH[error.reason]) from error
    return {"released": options.number}, lambda value: f"{value['released']} is on its way"


def _show_status(value: dict[str, Any]) -> str:
    documents, deliveries, answers = value["documents"], value["deliveries"], value["answers"]
    lines = [
        f"running       {_running(value)}",
        f"server        {_server(value)}",
        f"certificate   {_certificate(value)}",
        f"to deliver    {documents.get('ready', 0)} documents,"
        f" {deliveries.get('pending', 0)} deliveries,"
        f" the oldest since {value['oldest_pending_ms'] // 1000} s",
        f"held          {deliveries.get('held', 0)} (no account yet)",
        f"quarantine    {documents.get('quarantined', 0)}",
        *(f"  {reason:<22}{count:>6}" for reason, count in value["quarantine"].items()),
        f"delivered     {deliveries.get('delivered', 0)}",
        f"given up      {deliveries.get('given_up', 0)}",
        f"unusable      {deliveries.get('unusable', 0)} named without a usable number",
        f"answers       {answers.get('pending', 0)} to tell, {answers.get('refused', 0)} refused",
        f"last error    {value['last_error'] or 'none'}",
    ]
    return "\n".join(lines)


def _running(value: dict[str, Any]) -> str:
    at_ms = int(value.get("running_at_ms", 0))
    return f"seen {_instant(at_ms)}" if at_ms else "never"


def _server(value: dict[str, Any]) -> str:
    code = value.get("server_error", "")
    return f"{code} since {_instant(int(value['server_error_since_ms']))}" if code else "answers"


def _certificate(value: dict[str, Any]) -> str:
    ends_ms = int(value.get("certificate_ends_ms", 0))
    return f"until {_instant(ends_ms)[:10]}" if ends_ms else "not known before the first run"


def _instant(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _number(text: str) -> int:
    from lien.errors import Malformed

    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Malformed("a document in quarantine has a number; `quarantine` lists them")
    return int(text)


def _user() -> str:
    """Who the machine says this is: not what they say themselves."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
