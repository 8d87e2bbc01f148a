"""Every way in: a new account, a known device again, a new device of a known account."""

from dataclasses import dataclass
from typing import Any, Final

from lien.client.contacts import Contacts, attestors_of, links_of
from lien.client.device import Device
from lien.client.errors import ServerFailure, reading_answer
from lien.client.http import Http
from lien.client.keyring import Keyring, vault_of
from lien.client.passkey import SoftwareAuthenticator
from lien.crypto.account import AccountSecret
from lien.crypto.attestor import Attestors
from lien.crypto.chain import AddDevice, ChainState, Create, Signer, create_chain, make_link
from lien.crypto.proofs import prove_enrol
from lien.crypto.signing import SigningKey
from lien.crypto.vault import PRF_VAULT_SALT, passkey_wrapper
from lien.ids import AccountId, DeviceId, PasskeyId, SessionId, b64decode, b64encode, new_id

_LABEL: Final = "Lien, client Python"


@dataclass(frozen=True, slots=True)
class Session:
    """What signing in gave."""

    session: SessionId
    ends_at_ms: int
    idle_ends_at_ms: int


async def read_status(http: Http) -> Attestors:
    """The deployment's attestor; its clock is learnt on the way. Raises: BadSuccession."""
    status = await http.get("/api/status")
    with reading_answer():
        http.learn_time(int(status["server_at_ms"]))
    return attestors_of(status)


async def create_account(
    http: Http, label: str = _LABEL, situation: int = 0
) -> tuple[Device, Session]:
    """
    Begin an account on this device, after the provider has answered, in one of the situations
    that it listed.

    Raises: ServerFailure (`account_exists` when there is one already).
    """
    attestors = await read_status(http)
    enrolment = await http.get("/api/enrolment")
    with reading_answer():
        nonce = b64decode(enrolment["nonce"])
        if enrolment["account"] is not None:
            raise ServerFailure("account_exists")
    secret, key = AccountSecret.generate(), SigningKey.generate()
    account, device = AccountId(new_id()), DeviceId(new_id())
    body = Create(device, key.public, secret.signing.public, secret.sealing.public)
    link = create_chain(account, body, key, http.now_ms())
    contacts = Contacts(http, attestors)
    contacts.add(account, [link])
    answer = await http.post(
        "/api/accounts",
        {
            "link": b64encode(link.data),
            "signature": b64encode(link.signature),
            "label": label,
            "proof": b64encode(prove_enrol(key, nonce, device)),
            "situation": situation,
        },
    )
    session = begin_session(http, answer, key)
    await contacts.refresh(account)
    return Device(http, Keyring(account, device, key, {1: secret}), contacts), session


async def reenter_by_provider(http: Http, keyring: Keyring) -> Session:
    """A known device signs in again, after the provider has answered. Raises: ServerFailure."""
    enrolment = await http.get("/api/enrolment")
    with reading_answer():
        nonce = b64decode(enrolment["nonce"])
    proof = prove_enrol(keyring.key, nonce, keyring.device)
    answer = await http.post(
        "/api/session/provider",
        {"account": keyring.account, "device": keyring.device, "proof": b64encode(proof)},
    )
    return begin_session(http, answer, keyring.key)


async def reenter_by_passkey(
    http: Http, keyring: Keyring, authenticator: SoftwareAuthenticator
) -> Session:
    """Express login of a known device. Raises: ServerFailure."""
    nonce, credential = await _answer_passkey(http, authenticator)
    proof = prove_enrol(keyring.key, nonce, keyring.device)
    answer = await http.post(
        "/api/session/passkey",
        {
            "nonce": b64encode(nonce),
            "credential": credential,
            "device": keyring.device,
            "proof": b64encode(proof),
        },
    )
    return begin_session(http, answer, keyring.key)


async def join_by_passkey(
    http: Http, authenticator: SoftwareAuthenticator, label: str = _LABEL
) -> tuple[Device, Session]:
    """
    A new device of a known account: its passkey opens the vault, the vault signs the device in.

    Raises: ServerFailure, NoSecret, BadLink.
    """
    attestors = await read_status(http)
    nonce, credential = await _answer_passkey(http, authenticator)
    asked = {"nonce": b64encode(nonce), "credential": credential, "device": None, "proof": None}
    await http.post("/api/session/passkey", asked)
    enrolment = await http.get("/api/enrolment")
    with reading_answer():
        flow_nonce, account = b64decode(enrolment["nonce"]), AccountId(enrolment["account"])
    contacts = Contacts(http, attestors)
    state = contacts.add(account, links_of(enrolment, "links"))
    keyring = Keyring.new(account)
    passkey = PasskeyId(credential["id"])
    keyring.wrappings[passkey_wrapper(passkey)] = authenticator.prf(passkey, PRF_VAULT_SALT)
    keyring.open_vault(vault_of(enrolment), state)
    return await join(http, keyring, contacts, state, flow_nonce, label)


async def join(
    http: Http,
    keyring: Keyring,
    contacts: Contacts,
    state: ChainState,
    nonce: bytes,
    label: str = _LABEL,
) -> tuple[Device, Session]:
    """A new device whose keyring holds the account's secret signs itself in."""
    device, key = keyring.device, keyring.key
    signer = Signer.account(keyring.secrets[state.generation].signing)
    link = make_link(state, AddDevice(device, key.public), signer, http.now_ms())
    answer = await http.post(
        "/api/devices",
        {
            "link": b64encode(link.data),
            "signature": b64encode(link.signature),
            "label": label,
            "proof": b64encode(prove_enrol(key, nonce, device)),
        },
    )
    session = begin_session(http, answer, key)
    await keyring.refresh(http, await contacts.refresh(keyring.account))
    return Device(http, keyring, contacts), session


async def register_passkey(
    device: Device, authenticator: SoftwareAuthenticator, label: str = "Passkey"
) -> PasskeyId:
    """
    Turn on express login, and keep the account secret in the vault for this passkey.

    Raises: ServerFailure (`fresh_sign_in_needed` when the provider was asked too long ago).
    """
    http, keyring = device.http, device.keyring
    begun = await http.post("/api/passkeys/begin", {})
    with reading_answer():
        credential = authenticator.create(begun["options"], http.origin)
    answer = await http.post("/api/passkeys", {"credential": credential, "label": label})
    with reading_answer():
        passkey = PasskeyId(answer["passkey"])
    wrapper = passkey_wrapper(passkey)
    keyring.wrappings[wrapper] = authenticator.prf(passkey, PRF_VAULT_SALT)
    for entry in keyring.wrap_all(max(keyring.secrets)):
        if entry.wrapper == wrapper:
            body = {"generation": entry.generation, "wrapped": b64encode(entry.wrapped)}
            await http.ask("PUT", f"/api/vault/{wrapper}", body)
    await device.save()
    return passkey


def begin_session(http: Http, answer: dict[str, Any], key: SigningKey) -> Session:
    """From now on requests are this session's. Raises: BadAnswer."""
    with reading_answer():
        session = Session(
            SessionId(answer["session"]), int(answer["ends_at_ms"]), int(answer["idle_ends_at_ms"])
        )
        http.learn_time(int(answer["server_at_ms"]))
    http.sign_as(session.session, key)
    return session


async def _answer_passkey(
    http: Http, authenticator: SoftwareAuthenticator
) -> tuple[bytes, dict[str, Any]]:
    begun = await http.post("/api/session/passkey/begin", {})
    with reading_answer():
        return b64decode(begun["nonce"]), authenticator.get(begun["options"], http.origin)
