"""Guests as the screens of others show them: who they are, and who vouches for them."""

from typing import Any

from lien.accounts import Guest
from lien.crypto.identity import Identity


def guest_json(guest: Guest) -> dict[str, Any]:
    """A `Guest` of docs/protocol.md."""
    return {
        "account": guest.account,
        "family_name": guest.content.family_name,
        "given_name": guest.content.given_name,
        "role": guest.content.role,
        "ends_at_ms": guest.content.ends_at_ms,
        "sponsor": sponsor_json(guest.sponsor),
    }


def sponsor_json(sponsor: Identity | None) -> dict[str, Any] | None:
    """Who vouches; None for the deployment."""
    if sponsor is None:
        return None
    return {
        "family_name": sponsor.family_name,
        "given_name": sponsor.given_name,
        "profession_code": sponsor.profession_code,
    }
