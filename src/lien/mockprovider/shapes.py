"""Which identity providers there are imitations of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from lien.directory import Professional
from lien.mockprovider.userinfo import plain_userinfo_of, userinfo_of


@dataclass(frozen=True, slots=True)
class Shape:
    """Which provider it resembles."""

    id: str
    label: str
    realm: str
    document: str  # the name of its discovery document
    scope: str
    levels: tuple[str, ...]
    rpps_claim: str
    userinfo: Callable[[Professional], dict[str, Any]]


PRO_SANTE_CONNECT: Final = Shape(
    id="mock",
    label="Pro Santé Connect (démonstration)",
    realm="/mock/auth/realms/esante-wallet",
    document="wallet-openid-configuration",
    scope="openid scope_all",
    levels=("eidas1",),
    rpps_claim="",
    userinfo=userinfo_of,
)
OIIS_PRO: Final = Shape(
    id="mock-oiis",
    label="OIIS PRO (démonstration)",
    realm="/mock/oiis/realms/pro",
    document="openid-configuration",
    scope="openid profile",
    levels=(),
    rpps_claim="rpps",
    userinfo=plain_userinfo_of,
)
SHAPES: Final = (PRO_SANTE_CONNECT, OIIS_PRO)
