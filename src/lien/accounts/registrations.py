"""The identity providers this deployment is registered with, as its settings say."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from lien.accounts.discovery import ProviderSettings
from lien.config import BadConfig, Config
from lien.secretfiles import read_secret

PRO_SANTE_CONNECT: Final = "psc"
OIIS_PRO: Final = "oiis"


def registered_providers(config: Config) -> list[ProviderSettings]:
    """
    The providers that are set up, in the order they are offered.

    Secrets are read from their files, never from the environment: children would inherit them.

    Raises: BadConfig.
    """
    found = []
    if config.psc_discovery_url:
        _require_set(config, "psc")
        found.append(
            ProviderSettings(
                id=PRO_SANTE_CONNECT,
                label="Pro Santé Connect",
                discovery_url=config.psc_discovery_url,
                client_id=config.psc_client_id,
                client_secret=_secret(config.psc_client_secret_file),
                redirect_uri=_redirect_uri(config, PRO_SANTE_CONNECT),
                takes_test_identities=config.test_identities,
            )
        )
    if config.oiis_discovery_url:
        _require_set(config, "oiis")
        found.append(
            ProviderSettings(
                id=OIIS_PRO,
                label="OIIS PRO",
                discovery_url=config.oiis_discovery_url,
                client_id=config.oiis_client_id,
                client_secret=_secret(config.oiis_client_secret_file),
                redirect_uri=_redirect_uri(config, OIIS_PRO),
                scope=config.oiis_scope,
                levels=(),
                rpps_claim=config.oiis_rpps_claim,
            )
        )
    return found


def _require_set(config: Config, name: str) -> None:
    setting = f"LIEN_{name.upper()}"
    if urlsplit(getattr(config, f"{name}_discovery_url")).scheme != "https":
        raise BadConfig(f"{setting}_DISCOVERY_URL must be https")
    if not getattr(config, f"{name}_client_id") or not getattr(
        config, f"{name}_client_secret_file"
    ):
        raise BadConfig(f"{setting}_CLIENT_ID and {setting}_CLIENT_SECRET_FILE are needed too")


def _secret(path: str) -> str:
    return read_secret(Path(path)).strip()


def _redirect_uri(config: Config, provider: str) -> str:
    return f"{config.origin}/auth/{provider}/callback"
