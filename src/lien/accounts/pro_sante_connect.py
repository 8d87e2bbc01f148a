"""Pro Santé Connect as the operator registered with it; production access needs a contract."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from lien.accounts.discovery import ProviderSettings
from lien.config import BadConfig, Config
from lien.secretfiles import read_secret

PROVIDER_ID: Final = "psc"
_LABEL: Final = "Pro Santé Connect"


def pro_sante_connect(config: Config) -> ProviderSettings | None:
    """
    The settings of Pro Santé Connect, None where it is not set up.

    The secret is read from its file, never from the environment: children would inherit it.

    Raises: BadConfig.
    """
    if not config.psc_discovery_url:
        return None
    if urlsplit(config.psc_discovery_url).scheme != "https":
        raise BadConfig("LIEN_PSC_DISCOVERY_URL must be https")
    if not config.psc_client_id or not config.psc_client_secret_file:
        raise BadConfig("LIEN_PSC_CLIENT_ID and LIEN_PSC_CLIENT_SECRET_FILE are needed too")
    return ProviderSettings(
        id=PROVIDER_ID,
        label=_LABEL,
        discovery_url=config.psc_discovery_url,
        client_id=config.psc_client_id,
        client_secret=read_secret(Path(config.psc_client_secret_file)).strip(),
        redirect_uri=f"{config.origin}/auth/{PROVIDER_ID}/callback",
    )
