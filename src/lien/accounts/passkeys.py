"""
WebAuthn ceremonies, without I/O; the only file that imports `webauthn`.

What the library leaves to its user and is done here: user verification always required;
`crossOrigin` and `topOrigin` refused (we are never framed); client data with duplicate keys
refused; the user handle compared with the owner; a change of backup eligibility refused; the
length of a credential id. The challenge's single use belongs to the service.

A failure is one error, `BadPasskey`, whatever the reason: the peer learns nothing from it.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn, cast

import webauthn
from webauthn.helpers import options_to_json_dict, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lien.accounts.errors import BadPasskey, PrfLeaked
from lien.accounts.models import Passkey
from lien.errors import LienError, Malformed
from lien.ids import AccountId, PasskeyId, b64decode, b64encode

CHALLENGE_BYTES: Final = 32
CHALLENGE_TTL_SECONDS: Final = 120
MAX_CREDENTIAL_ID_BYTES: Final = 1023  # Web Authentication Level 3, 7.1 step 25
MAX_CREDENTIAL_ID_CHARS: Final = (MAX_CREDENTIAL_ID_BYTES * 4 + 2) // 3
_MAX_CLIENT_DATA_BYTES: Final = 4096
_MAX_PUBLIC_KEY_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks: the host (`id`) and the exact origin of the page."""

    id: str
    origin: str


def creation_options(
    party: RelyingParty,
    account: AccountId,
    name: str,
    challenge: bytes,
    registered: Sequence[PasskeyId],
) -> dict[str, Any]:
    """Options for `navigator.credentials.create()`, as JSON. The user handle is the account."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name="Lien",
        user_id=b64decode(account),
        user_name=name,
        user_display_name=name,
        challenge=challenge,
        timeout=CHALLENGE_TTL_SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(b64decode(one)) for one in registered],
    )
    return options_to_json_dict(options)


def request_options(party: RelyingParty, challenge: bytes) -> dict[str, Any]:
    """Options for `navigator.credentials.get()`, as JSON: any passkey of this site may answer."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=CHALLENGE_TTL_SECONDS * 1000,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def require_no_prf(credential: Mapping[str, object]) -> None:
    """
    Refuse an answer that still holds a PRF output: `toJSON()` of a browser includes it.

    Raises: PrfLeaked.
    """
    extensions = credential.get("clientExtensionResults")
    prf = extensions.get("prf") if isinstance(extensions, Mapping) else None
    if isinstance(prf, Mapping) and prf.get("results") is not None:
        raise PrfLeaked("clientExtensionResults.prf.results must be removed before sending")


def credential_id(credential: Mapping[str, object]) -> PasskeyId:
    """
    Return the id an answer speaks for, before anything of it is verified.

    Raises: BadPasskey.
    """
    value = credential.get("id")
    if not isinstance(value, str) or not 0 < len(value) <= MAX_CREDENTIAL_ID_CHARS:
        _refuse("the credential id is missing or too long")
    try:
        b64decode(value)
    except LienError as error:
        raise BadPasskey("the credential id is not base64url") from error
    return PasskeyId(value)


def verify_registration(
    credential: Mapping[str, object],
    *,
    expected_party: RelyingParty,
    expected_challenge: bytes,
    account: AccountId,
    label: str,
    now_ms: int,
) -> Passkey:
    """
    Return the new passkey of a creation answer.

    Attestation is not asked for: any authenticator that verifies its user may be used.

    Raises: PrfLeaked, BadPasskey.
    """
    require_no_prf(credential)
    passkey = credential_id(credential)
    _verify_client_data(credential)
    try:
        verified = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=expected_challenge,
            expected_rp_id=expected_party.id,
            expected_origin=expected_party.origin,
            require_user_verification=True,
        )
    # The library and its CBOR reader raise many types on hostile input; all mean the same.
    except Exception as error:
        raise BadPasskey("the registration was not accepted") from error
    # The id inside the authenticator's own data decides; the JSON's `id` must be the same.
    if b64encode(verified.credential_id) != passkey:
        _refuse("the credential id is not the authenticator's")
    if len(verified.credential_public_key) > _MAX_PUBLIC_KEY_BYTES:
        _refuse("the public key is too long")
    return Passkey(
        passkey=passkey,
        account=account,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        is_backup_eligible=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        is_backed_up=verified.credential_backed_up,
        label=label,
        created_at_ms=now_ms,
        used_at_ms=now_ms,
    )


def verify_assertion(
    credential: Mapping[str, object],
    passkey: Passkey,
    *,
    expected_party: RelyingParty,
    expected_challenge: bytes,
    now_ms: int,
) -> Passkey:
    """
    Return the passkey with its new counter if it made this answer.

    Raises: PrfLeaked, BadPasskey.
    """
    require_no_prf(credential)
    if credential_id(credential) != passkey.passkey:
        _refuse("the answer is of another passkey")
    _verify_client_data(credential)
    _verify_user_handle(credential, passkey.account)
    try:
        verified = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=expected_challenge,
            expected_rp_id=expected_party.id,
            expected_origin=expected_party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    # As above: one meaning, whatever was raised.
    except Exception as error:
        raise BadPasskey("the assertion was not accepted") from error
    is_eligible = verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE
    if is_eligible is not passkey.is_backup_eligible:
        _refuse("backup eligibility never changes")
    return replace(
        passkey,
        sign_count=verified.new_sign_count,
        is_backed_up=verified.credential_backed_up,
        used_at_ms=now_ms,
    )


def _verify_client_data(credential: Mapping[str, object]) -> None:
    """Read the client data with a decoder that refuses what the library lets pass."""
    response = credential.get("response")
    encoded = response.get("clientDataJSON") if isinstance(response, Mapping) else None
    if not isinstance(encoded, str) or len(encoded) > _MAX_CLIENT_DATA_BYTES * 2:
        _refuse("the client data is missing or too long")
    try:
        raw = b64decode(encoded)
        data = json.loads(raw.decode("utf-8"), object_pairs_hook=_distinct)
        parse_client_data_json(raw)
    # Recursion, types, encodings: hostile client data fails in many ways, all alike.
    except Exception as error:
        raise BadPasskey("the client data cannot be read") from error
    if not isinstance(data, dict) or len(raw) > _MAX_CLIENT_DATA_BYTES:
        _refuse("the client data is not a short object")
    # Absent or exactly false: the library would take 0, "" or null for false as well.
    if data.get("crossOrigin", False) is not False or "topOrigin" in data:
        _refuse("made inside a frame of another site")


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("duplicate keys")
    return found


def _verify_user_handle(credential: Mapping[str, object], account: AccountId) -> None:
    # Required: only resident keys are registered, and those always answer with their user handle.
    handle = cast(Mapping[str, object], credential["response"]).get("userHandle")
    if not isinstance(handle, str) or not hmac.compare_digest(handle.encode(), account.encode()):
        _refuse("the user handle is not the owner")


def _refuse(reason: str) -> NoReturn:
    raise BadPasskey(reason)
