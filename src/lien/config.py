"""
One frozen `Config`, read once from the environment by the composition root.

Every field is the variable `LIEN_<FIELD>` and is described in docs/configuration.md. An unknown
`LIEN_` variable stops the start: a misspelt limit must not fall back to a default in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from lien.errors import LienError

# Where Pro Santé Connect identifies real people (ANS, keycloak-prosanteconnect).
_PRODUCTION_HOST: Final = "auth.esw.esante.gouv.fr"


class BadConfig(LienError):
    """A setting cannot be used; the text names the variable and the rule."""

    code = "bad_config"


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of a deployment. Durations carry their unit in the name."""

    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8000
    origin: str = "http://localhost:8000"
    valkey_url: str = ""  # empty: the embedded server
    blobs_url: str = ""  # empty: a folder of the data directory
    blobs_endpoint: str = ""
    blobs_region: str = "us-east-1"
    blobs_key_id: str = ""
    blobs_secret_file: str = ""
    blob_mib: int = 50
    blob_mib_per_day: int = 1000
    gateway_mib_per_day: int = 100_000
    push_hosts: str = (
        "fcm.googleapis.com,updates.push.services.mozilla.com,web.push.apple.com,notify.windows.com"
    )
    shards: int = 8
    territory: str = "974"
    retention_days: int = 30
    retention_least_days: int = 1
    min_free_mib: int = 256
    audit_days: int = 365
    session_idle_minutes: int = 30
    session_max_minutes: int = 240
    sign_ins_per_address: int = 20
    sends_per_second: int = 5
    sends_per_conversation: int = 20
    pin_offline_hours: int = 0
    lock_seconds: int = 300
    sponsorship_days: int = 365
    attestor_key_file: str = ""  # empty: keys/attestor.key in `data_dir`
    psc_discovery_url: str = ""
    psc_client_id: str = ""
    psc_client_secret_file: str = ""
    oiis_discovery_url: str = ""
    oiis_client_id: str = ""
    oiis_client_secret_file: str = ""
    oiis_scope: str = "openid profile"
    oiis_rpps_claim: str = "rpps"
    test_identities: bool = False
    mock_provider: bool = False

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Config":
        """
        Read `LIEN_*` variables.

        Raises: BadConfig for an unknown variable or a value out of its bounds.
        """
        kinds = {f"LIEN_{field.name.upper()}": field for field in fields(cls)}
        values: dict[str, object] = {}
        for name, text in environ.items():
            if not name.startswith("LIEN_"):
                continue
            field = kinds.get(name)
            if field is None:
                raise BadConfig(f"{name} is not a setting of Lien; see docs/configuration.md")
            values[field.name] = _parse(name, text, type(field.default))
        config = cls(**values)  # type: ignore[arg-type]  # each value was parsed to its field's type
        config.check()
        return config

    def check(self) -> None:
        """Raises: BadConfig for a value out of its bounds or two that contradict each other."""
        for name, low, high in (
            ("port", 1, 65535),
            ("shards", 1, 1024),
            ("retention_days", 1, 366),
            ("retention_least_days", 1, self.retention_days),
            ("min_free_mib", 0, 1_048_576),
            ("blob_mib", 1, 1024),
            ("blob_mib_per_day", 1, 1_048_576),
            ("gateway_mib_per_day", 1, 1_048_576),
            # Six months to a year, longer when justified (CNIL, délibération 2021-122).
            ("audit_days", 180, 1096),
            # Upper bounds: 30 minutes idle and 4 hours in all (draft PGSSI-S RIE v2, EXI 13).
            ("session_idle_minutes", 1, 30),
            ("session_max_minutes", 1, 240),
            ("sponsorship_days", 1, 730),
            ("sign_ins_per_address", 1, 100_000),
            ("sends_per_second", 1, 100_000),
            ("sends_per_conversation", 1, 100_000),
            ("pin_offline_hours", 0, 72),
            ("lock_seconds", 0, 300),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise BadConfig(f"LIEN_{name.upper()} must be between {low} and {high}")
        origin = urlsplit(self.origin)
        if origin.scheme not in ("http", "https") or not origin.hostname or origin.path:
            raise BadConfig("LIEN_ORIGIN must be like https://lien.example, without a path")
        if origin.scheme == "http" and not self.is_local:
            raise BadConfig("LIEN_ORIGIN must be https, except on localhost")
        if self.mock_provider and not self.is_local:
            raise BadConfig("LIEN_MOCK_PROVIDER is for demonstration on localhost only")
        if self.test_identities and _PRODUCTION_HOST in self.psc_discovery_url:
            raise BadConfig("LIEN_TEST_IDENTITIES is not for Pro Santé Connect in production")
        if "openid" not in self.oiis_scope.split() or not self.oiis_rpps_claim:
            raise BadConfig("LIEN_OIIS_SCOPE holds openid, and LIEN_OIIS_RPPS_CLAIM a name")

    @property
    def is_local(self) -> bool:
        """True for a demonstration on this machine: WebAuthn's `localhost` (RP id)."""
        return self.rp_id == "localhost"

    @property
    def attestor_file(self) -> Path | None:
        """Where the attestor key lies if it is not with the others."""
        return Path(self.attestor_key_file) if self.attestor_key_file else None

    @property
    def rp_id(self) -> str:
        """The WebAuthn relying party id: the host of the origin."""
        return urlsplit(self.origin).hostname or ""


def _parse(name: str, text: str, kind: type) -> object:
    if kind is bool:
        if text not in ("0", "1"):
            raise BadConfig(f"{name} must be 0 or 1")
        return text == "1"
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise BadConfig(f"{name} must be a whole number")
        return int(text)
    return Path(text) if issubclass(kind, Path) else text
