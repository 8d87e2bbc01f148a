"""The account secret, the vault, and proofs of possession."""

from typing import Any

from lien.crypto import account, proofs, vault
from lien.crypto.account import AccountSecret
from lien.ids import PasskeyId, SessionId, b64encode
from tests.vectors.crypto_parts.people import ANNE, AT_MS, BRUNO, flip, ident, raw


def accounts() -> dict[str, Any]:
    first, second = ANNE.secret, AccountSecret.from_bytes(raw("anne secret 2"))
    passkey = PasskeyId(b64encode(raw("passkey")))
    wrapping, wrapper = raw("prf output"), vault.passkey_wrapper(passkey)
    wrapped = vault.wrap(first, wrapping, ANNE.account, wrapper, 1)
    entry: dict[str, Any] = {"wrapped": wrapped, "wrapping": wrapping, "account": ANNE.account}
    entry |= {"wrapper": wrapper, "generation": 1}
    return {
        "secret": {
            "secret": first.to_bytes(),
            "sealing_public": first.sealing.public,
            "signing_public": first.signing.public,
            "vault_key": first.vault_key,
        },
        "earlier": {
            "newer": second.to_bytes(),
            "box": account.seal_earlier(second, first, ANNE.account, 1),
            "account": ANNE.account,
            "generation": 1,
            "secret": first.to_bytes(),
        },
        "prf_salts": {"vault": vault.PRF_VAULT_SALT, "local": vault.PRF_LOCAL_SALT},
        "unwrap": [entry | {"secret": first.to_bytes()}],
        "unwrap_refused": [
            entry | {"why": "another wrapping secret", "wrapping": flip(wrapping)},
            entry | {"why": "another account", "account": BRUNO.account},
            entry | {"why": "another wrapper", "wrapper": "recovery"},
            entry | {"why": "another generation", "generation": 2},
            entry | {"why": "changed", "wrapped": flip(wrapped)},
            entry | {"why": "cut short", "wrapped": wrapped[:71]},
        ],
    }


def possession() -> dict[str, Any]:
    nonce, session = raw("nonce"), SessionId(ident("session"))
    origin, path = "https://lien.example", "/api/directory?q=FICTIF"
    enrol = proofs.prove_enrol(ANNE.key, nonce, ANNE.device)
    hello = proofs.prove_hello(ANNE.key, nonce, session, origin)
    request = proofs.prove_request(ANNE.key, session, "GET", path, AT_MS, b"")
    return {
        "proofs": {
            "seed": ANNE.key.seed,
            "nonce": nonce,
            "device": ANNE.device,
            "session": session,
            "origin": origin,
            "method": "GET",
            "path": path,
            "at_ms": AT_MS,
            "body": b"",
            "enrol": enrol,
            "hello": hello,
            "request": request,
        }
    }
