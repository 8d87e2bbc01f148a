"""What a flow may do: serve one request, the same one again after a lost answer."""

from collections.abc import Sequence
from typing import cast

import msgpack

from lien.accounts import rules
from lien.accounts.errors import NotSignedIn
from lien.accounts.models import Flow, Practice
from lien.accounts.store import AccountStore
from lien.crypto.chain import Situation
from lien.crypto.proofs import verify_enrol
from lien.crypto.signing import BadSignature
from lien.ids import AccountId, DeviceId

_TTL_SECONDS = rules.FLOW_TTL_MS // 1000


class Flows:
    """Remembers, as long as a flow lasts, what it was used for and what it may choose from."""

    def __init__(self, store: AccountStore) -> None:
        self._store = store.sessions

    async def claim(self, flow: Flow, request: bytes) -> None:
        """
        Let a flow serve this request; of many different ones, the first.

        Raises: NotSignedIn.
        """
        if not await self._store.claim_once(f"flow:{flow.flow}", request, _TTL_SECONDS):
            raise NotSignedIn("this sign-in was used already")

    async def keep_practices(self, owner: Flow | AccountId, practices: Sequence[Practice]) -> None:
        """Remember, for ten minutes, what the provider let the person choose from."""
        packed = cast(bytes, msgpack.packb([_pack(one) for one in practices]))
        await self._store.put_once(_practices_of(owner), packed, _TTL_SECONDS)

    async def list_practices(self, owner: Flow | AccountId) -> list[Practice]:
        """What may be chosen from; nothing once the ten minutes are over."""
        packed = await self._store.peek_once(_practices_of(owner))
        return [_unpack(*one) for one in msgpack.unpackb(packed)] if packed else []


def verify_proof(public: bytes, nonce: bytes, device: DeviceId, proof: bytes) -> None:
    """
    The device holds its key and means this sign-in.

    Raises: NotSignedIn.
    """
    try:
        verify_enrol(public, nonce, device, proof)
    except BadSignature as error:
        raise NotSignedIn("the device did not prove its key") from error


def _practices_of(owner: Flow | AccountId) -> str:
    return f"practices:{owner.flow if isinstance(owner, Flow) else owner}"


def _pack(practice: Practice) -> list[object]:
    at = practice.situation
    place = [at.structure, at.commune, at.postcode, at.mode] if at else None
    return [practice.profession_code, practice.category, place]


def _unpack(code: str, category: str, place: list[str] | None) -> Practice:
    return Practice(code, category, Situation(*place) if place else None)
