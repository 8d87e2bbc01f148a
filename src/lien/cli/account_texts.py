"""What `lien account` prints when it is not asked for JSON."""

import sys
from datetime import UTC, datetime
from typing import Any


def show_accounts(accounts: Any) -> str:
    """As text."""
    if not accounts:
        print("nobody", file=sys.stderr)
    return "\n".join(
        f"{one['account']}  {one['rpps']}  {one['standing']:<9}  {one['name']}" for one in accounts
    )


def show_one(one: Any) -> str:
    """As text."""
    lines = [f"{one['account']}  {one['rpps']}  {one['name']}"]
    reason = f" ({one['reason'].replace('_', ' ')})" if one["reason"] else ""
    lines.append(f"  {one['standing']}{reason}, created {time_of(one['created_at_ms'])}")
    if one["provider"]:
        lines.append(f"  verified by {one['provider']}, {time_of(one['verified_at_ms'])}")
    if one["sponsor"]:
        lines.append(f"  a guest of {one['sponsor']} until {time_of(one['ends_at_ms'])}")
    if isinstance(one["devices"], int):
        return "\n".join(lines)
    lines.append(f"  {one['passkeys']} passkeys, {one['sessions']} sessions")
    for device in one["devices"]:
        gone = ", revoked" if device["revoked"] else ""
        seen = time_of(device["seen_at_ms"])
        lines.append(f"  device {device['device']}  {device['label']}, seen {seen}{gone}")
    return "\n".join(lines)


def show_sessions(sessions: Any) -> str:
    """As text."""
    return "\n".join(
        f"{one['session']}  device {one['device']}  since {time_of(one['started_at_ms'])}"
        f"  until {time_of(one['ends_at_ms'])}"
        for one in sessions
    )


def show_ended(done: Any) -> str:
    """As text."""
    return f"{done['ended']} sessions ended"


def show_reconciled(done: Any) -> str:
    """As text."""
    lines = [f"{done['accounts']} accounts compared, {len(done['suspended'])} suspended"]
    return "\n".join([*lines, *(f"  {account}" for account in done["suspended"])])


def time_of(at_ms: int) -> str:
    """As text."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
