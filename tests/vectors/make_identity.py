"""
Write tests/vectors/identity.json: `python -m tests.vectors.make_identity`.

Who an account belongs to: an identity with a situation, a sponsorship and its acceptance, and the
succession of attestor keys. Everything is signed and nothing sealed, so the file is the same each
time. Bytes are hexadecimal. An entry of `…_refused` changes one thing and says which.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from lien.crypto import chain, sponsorship
from lien.crypto.attestor import AttestorKey, Succession
from lien.crypto.chain import ChainState, Link, Signer, Situation, Sponsored
from lien.crypto.sponsorship import Sponsorship
from lien.ids import AccountId, DeviceId
from tests.vectors.crypto_parts.chains import IDENTITY, pair
from tests.vectors.crypto_parts.people import ANNE, AT_MS, ATTESTOR, BRUNO, CHLOE, flip, key, raw
from tests.vectors.make_crypto import hexed

SECRET: Final = raw("invitation", 16)
DAY_MS: Final = 86_400_000
GIVEN: Final = Sponsorship(
    BRUNO.account,
    BRUNO.device,
    sponsorship.invitation_key(SECRET).public,
    "FICTIF-PAYET",
    "Léa",
    "331",
    AT_MS + 90 * DAY_MS,
    AT_MS,
)
PLACED: Final = replace(
    IDENTITY, situation=Situation("CHU FICTIF", "Saint-Denis", "97400", "S"), provider="oiis"
)
BY_ATTESTOR: Final = Signer.attestor(ATTESTOR)
FIRST: Final = AttestorKey.first(ATTESTOR)
SECOND: Final = FIRST.rotated(key("attestor 2"), AT_MS)
THIRD: Final = SECOND.rotated(key("attestor 3"), AT_MS + 1)


def sponsored(
    content: Sponsorship = GIVEN, account: AccountId = ANNE.account, secret: bytes = SECRET
) -> Sponsored:
    signer = ATTESTOR if content.sponsor is None else BRUNO.key
    signed = sponsorship.sign_sponsorship(content, signer)
    return Sponsored(signed, sponsorship.accept(secret, account), AT_MS)


def replay(*bodies: tuple[chain.Body, Signer]) -> tuple[list[Link], list[ChainState]]:
    links = [chain.create_chain(ANNE.account, ANNE.create, ANNE.key, AT_MS)]
    states = [chain.apply(None, links[0], THIRD.attestors)]
    for number, (body, signer) in enumerate(bodies, 1):
        links.append(chain.make_link(states[-1], body, signer, AT_MS + number))
        states.append(chain.apply(states[-1], links[-1], THIRD.attestors))
    return links, states


def placed() -> dict[str, Any]:
    """A chain whose identity gains a situation, signed by one attestor key after the other."""
    links, states = replay(
        (IDENTITY, BY_ATTESTOR),
        (PLACED, Signer.attestor(SECOND.key)),
        (IDENTITY, Signer.attestor(THIRD.key)),
    )
    refused = []

    def refuse(why: str, after: int, body: chain.Body, signer: Signer) -> None:
        link = chain.make_link(states[after - 1], body, signer, AT_MS)
        refused.append({"why": why, "after": after, **pair(link)})

    refuse("an attestor key that was replaced in this chain", 3, IDENTITY, BY_ATTESTOR)
    refuse("one replaced twice", 4, IDENTITY, Signer.attestor(SECOND.key))
    refuse("a standing by a replaced key", 4, chain.Standing("closed", "x"), BY_ATTESTOR)
    refuse("a guest where a professional is", 2, sponsored(), BY_ATTESTOR)
    long = replace(PLACED, situation=Situation("x" * 129, "", "", ""))
    refuse("a structure of 129 characters", 2, long, BY_ATTESTOR)
    return {
        "placed": {
            "links": [pair(link) for link in links],
            "attestors": [state.attestor for state in states],
            "situations": [
                None
                if state.identity is None or state.identity.situation is None
                else [
                    state.identity.situation.structure,
                    state.identity.situation.commune,
                    state.identity.situation.postcode,
                    state.identity.situation.mode,
                ]
                for state in states
            ],
        },
        "placed_refused": refused,
    }


def guests() -> dict[str, Any]:
    prolonged = replace(GIVEN, ends_at_ms=GIVEN.ends_at_ms + DAY_MS, at_ms=AT_MS + 9)
    links, states = replay((sponsored(), BY_ATTESTOR), (sponsored(prolonged), BY_ATTESTOR))
    refused = []

    def refuse(why: str, after: int, body: chain.Body, signer: Signer = BY_ATTESTOR) -> None:
        link = chain.make_link(states[after - 1], body, signer, AT_MS)
        refused.append({"why": why, "after": after, **pair(link)})

    other = raw("other invitation", 16)
    again = replace(GIVEN, invitation_public=sponsorship.invitation_key(other).public)
    alone = replace(GIVEN, sponsor=None, device=None)
    refuse("accepted with another secret", 1, sponsored(secret=other))
    refuse("accepted for another account", 1, sponsored(account=CHLOE.account))
    refuse("another invitation later", 2, sponsored(again, secret=other))
    refuse("one's own sponsor", 1, sponsored(replace(GIVEN, sponsor=ANNE.account)))
    refuse("by the guest's device", 1, sponsored(), ANNE.by_device)
    refuse("a professional where a guest is", 2, IDENTITY)
    refuse("ended before it began", 1, sponsored(replace(GIVEN, ends_at_ms=AT_MS)))
    refuse("a sponsor without a device", 1, _raw_sponsor(GIVEN.sponsor or "", ""))
    refuse("a sponsor that is none", 1, _raw_sponsor("A" * 21 + "B", GIVEN.device or ""))
    forged = sponsorship.sign_sponsorship(alone, BRUNO.key)
    refuse("vouched for by nobody", 1, replace(sponsored(alone), sponsorship=forged))
    by_deployment, _ = replay((sponsored(alone), BY_ATTESTOR))
    signed = sponsored().sponsorship
    return {
        "invitation": {
            "secret": SECRET,
            "public": GIVEN.invitation_public,
            "id": GIVEN.invitation,
            "account": ANNE.account,
            "acceptance": sponsorship.accept(SECRET, ANNE.account),
        },
        "sponsorship": {
            "data": signed.data,
            "signature": signed.signature,
            "device_public": BRUNO.key.public,
            "fields": [
                GIVEN.sponsor,
                GIVEN.device,
                GIVEN.family_name,
                GIVEN.given_name,
                GIVEN.role,
                GIVEN.ends_at_ms,
                GIVEN.at_ms,
            ],
        },
        "sponsorship_refused": [
            {"why": "a bad signature", "data": signed.data, "signature": flip(signed.signature)},
            {"why": "changed bytes", "data": flip(signed.data), "signature": signed.signature},
        ],
        "guest": {
            "links": [pair(link) for link in links],
            "ends_at_ms": [
                state.sponsored.content.ends_at_ms if state.sponsored else None for state in states
            ],
        },
        "guest_of_deployment": {"links": [pair(link) for link in by_deployment]},
        "guest_refused": refused,
    }


def _raw_sponsor(sponsor: str, device: str) -> Sponsored:
    """A sponsorship as no writer of ours makes it."""
    odd = replace(GIVEN, sponsor=AccountId(sponsor), device=DeviceId(device))
    return sponsored(odd)


def successions() -> dict[str, Any]:
    steps = THIRD.steps
    thief = AttestorKey.first(key("thief")).rotated(key("attestor 3"), AT_MS)
    by_old = Succession(steps[1].data, flip(steps[1].signature))
    by_new = Succession(steps[1].data, flip(steps[1].signature, 0))

    def listed(*some: Succession) -> list[dict[str, bytes]]:
        return [{"step": one.data, "signature": one.signature} for one in some]

    return {
        "succession": {"steps": listed(*steps), "publics": list(THIRD.attestors.publics)},
        "succession_refused": [
            {"why": "a step left out", "steps": listed(steps[1])},
            {"why": "another order", "steps": listed(steps[1], steps[0])},
            {"why": "not signed by the new key", "steps": listed(steps[0], by_old)},
            {"why": "not signed by the old key", "steps": listed(steps[0], by_new)},
            {
                "why": "a step by a key that is not the last",
                "steps": listed(steps[0], *thief.steps),
            },
            {"why": "not up to the current key", "steps": listed(steps[0])},
            {
                "why": "a short signature",
                "steps": listed(Succession(steps[0].data, steps[0].signature[:64])),
            },
            {"why": "no step", "steps": listed(Succession(b"", bytes(128)))},
        ],
    }


def main() -> None:
    vectors = {**placed(), **guests(), **successions()}
    path = Path(__file__).with_name("identity.json")
    path.write_text(json.dumps(hexed(vectors), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
