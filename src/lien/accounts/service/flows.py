"""What a flow may do: serve one request, the same one again after a lost answer."""

from lien.accounts import rules
from lien.accounts.errors import NotSignedIn
from lien.accounts.models import Flow
from lien.accounts.store import AccountStore
from lien.crypto.proofs import verify_enrol
from lien.crypto.signing import BadSignature
from lien.ids import DeviceId


class Flows:
    """Remembers, as long as a flow lasts, what it was used for."""

    def __init__(self, store: AccountStore) -> None:
        self._store = store.sessions

    async def claim(self, flow: Flow, request: bytes) -> None:
        """
        Let a flow serve this request; of many different ones, the first.

        Raises: NotSignedIn.
        """
        ttl_seconds = rules.FLOW_TTL_MS // 1000
        if not await self._store.claim_once(f"flow:{flow.flow}", request, ttl_seconds):
            raise NotSignedIn("this sign-in was used already")


def verify_proof(public: bytes, nonce: bytes, device: DeviceId, proof: bytes) -> None:
    """
    The device holds its key and means this sign-in.

    Raises: NotSignedIn.
    """
    try:
        verify_enrol(public, nonce, device, proof)
    except BadSignature as error:
        raise NotSignedIn("the device did not prove its key") from error
