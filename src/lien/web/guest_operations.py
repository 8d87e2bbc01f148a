"""Guests and administrators in the OpenAPI document."""

from typing import Final

from lien.web import shapes
from lien.web.operation import in_flow, open_to_all, signed
from lien.web.shapes import listing, number, obj, ref, text

GUEST_OPERATIONS: Final = (
    # Guests
    signed(
        "POST",
        "/api/sponsorships",
        "Vouch for somebody.",
        obj(invitation=shapes.ID),
        body=obj(sponsorship=shapes.blob(most=1024), signature=shapes.SIGNATURE),
    ),
    signed(
        "GET",
        "/api/sponsorships",
        "Everyone the caller vouches or vouched for.",
        obj(
            may_invite=shapes.TRUTH,
            longest_days=number(1),
            sponsorships=listing(ref("Sponsorship")),
        ),
    ),
    signed(
        "PUT",
        "/api/sponsorships/{invitation}",
        "Vouch for longer.",
        shapes.NOTHING,
        body=obj(sponsorship=shapes.blob(most=1024), signature=shapes.SIGNATURE),
    ),
    signed("DELETE", "/api/sponsorships/{invitation}", "Vouch no longer.", shapes.NOTHING),
    open_to_all(
        "POST",
        "/api/invitation",
        "Open the link of an invitation.",
        ref("Invited"),
        body=obj(invitation=shapes.ID),
        statuses=(429,),
    ),
    in_flow(
        "POST",
        "/api/invitation/account",
        "Accept an invitation.",
        ref("Session"),
        body=ref("NewGuest"),
    ),
    # An establishment's administrator
    signed(
        "GET",
        "/api/administration",
        "Who of the establishment is on Lien; empty without the role.",
        obj(
            structure=text(),
            longest_days=number(1),
            people=listing(
                obj(
                    account=shapes.ID,
                    family_name=text(),
                    given_name=text(),
                    profession_code=text(),
                    category=text(1),
                    standing={"enum": ["open", "suspended", "closed"]},
                )
            ),
            guests=listing(ref("Sponsorship")),
        ),
    ),
    signed(
        "POST",
        "/api/administration/accounts/{account}/suspend",
        "Let one of them out.",
        shapes.NOTHING,
    ),
    signed(
        "DELETE",
        "/api/administration/accounts/{account}/sessions",
        "Sign one of them out everywhere.",
        shapes.NOTHING,
    ),
    signed(
        "PUT",
        "/api/administration/sponsorships/{invitation}",
        "Vouch for one of their guests, and for longer.",
        shapes.NOTHING,
        body=obj(sponsorship=shapes.blob(most=1024), signature=shapes.SIGNATURE),
    ),
    signed(
        "DELETE",
        "/api/administration/sponsorships/{invitation}",
        "End the stay of one of their guests.",
        shapes.NOTHING,
    ),
)
