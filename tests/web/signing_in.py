"""One deployment behind its HTTP door, and people with devices who sign in through it."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette

from lien.accounts import (
    Accounts,
    Administrations,
    AttemptLimits,
    Devices,
    Enrolments,
    Guests,
    Herald,
    Passkeys,
    Pins,
    Recoveries,
    RelyingParty,
    Sessions,
    SessionTimes,
    Situations,
    Sponsorships,
    Standings,
    Transfers,
)
from lien.accounts.keyfiles import create_missing, load_keys
from lien.accounts.store import AccountStore
from lien.audit import Trail
from lien.audit.store import AuditStore
from lien.client.passkey import SoftwareAuthenticator
from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.crypto.account import AccountSecret
from lien.crypto.chain import AddDevice, ChainState, Create, Link, Signer, create_chain, make_link
from lien.crypto.chain import replay as replay_chain
from lien.crypto.proofs import prove_enrol, prove_request
from lien.crypto.signing import SigningKey
from lien.directory import Directory
from lien.directory.store import DirectoryStore
from lien.documents import Documents
from lien.documents.store import DocumentStore
from lien.ids import AccountId, DeviceId, SessionId, b64decode, b64encode, new_id
from lien.mockprovider import OIIS_PRO, MockProvider, load_key
from lien.mockprovider import create_missing as create_mock_key
from lien.storage.buckets import Buckets
from lien.storage.valkey import Store
from lien.telemetry import Telemetry
from lien.web import (
    accounts,
    administration,
    audit,
    conversations,
    directory,
    documents,
    leaving,
    own_devices,
    own_sessions,
    passkeys,
    pins,
    providers,
    recovery,
    releasing,
    sessions,
    situations,
    sponsorships,
    status,
    transfers,
)
from lien.web.authentication import SESSION_COOKIE, Authentication
from lien.web.errors import exception_handlers
from lien.web.gateway_caller import GatewayCallers
from tests.fakes import FakeClock

# https, because a Python cookie jar sends a Secure cookie nowhere else.
ORIGIN = "https://localhost"


class Deployment:
    """Every service that signing in touches, on a real store, with its routes."""

    def __init__(self, store: Store, folder: Path, clock: FakeClock) -> None:
        create_missing(folder)
        create_mock_key(folder)
        keys = load_keys(folder)
        self.clock = clock
        self.tokens = keys.tokens
        self.attestor = keys.attestor
        self.directory = Directory(DirectoryStore(store), clock)
        stored = AccountStore.of(store)
        self.stored = stored
        self.trail = Trail(AuditStore(store), clock, 365)
        self.accounts = Accounts(stored, self.directory, keys.attestor, clock, self.trail)
        self.conversations = Conversations(
            ConversationStore(store, 30 * 86_400_000), self.accounts, clock, Telemetry()
        )
        self.standings = Standings(
            stored, self.accounts, self.directory, self.conversations.mark_stale
        )
        self.trail.on_recorded = Herald(self.conversations.notify, Telemetry()).tell
        limits = AttemptLimits(address_capacity=1000, account_capacity=200)
        self.sessions = Sessions(
            stored, self.accounts, keys.tokens, clock, SessionTimes(), limits, self.standings
        )
        party = RelyingParty("localhost", ORIGIN)
        self.sponsorships = Sponsorships(stored, self.accounts, self.standings, clock, 365)
        self.guests = Guests(stored, self.accounts, clock, 365)
        self.administrations = Administrations(
            stored,
            self.accounts,
            self.standings,
            self.sessions,
            self.sponsorships,
            self.guests,
        )
        self.passkeys = Passkeys(stored, self.accounts, self.sessions, party, clock)
        self.devices = Devices(stored, self.accounts)
        self.transfers = Transfers(stored, self.accounts, self.sessions, clock)
        self.pins = Pins(stored, self.accounts, self.sessions, clock)
        self.recoveries = Recoveries(stored, self.accounts, self.sessions, self.standings)
        buckets = Buckets(store)
        self.telemetry = Telemetry()
        self.documents = Documents(
            DocumentStore(store, 30 * 86_400_000),
            self.accounts,
            self.directory,
            keys.attestor,
            clock,
            self.trail,
            self.telemetry,
            365,
        )

        async def use_once(name: str, seconds: int) -> bool:
            return await buckets.take(f"mock:{name}", 1, 1 / seconds) == 0

        self.mock = MockProvider(self.directory, ORIGIN, load_key(folder), clock, use_once)
        self.provider = self.mock.relying_party()
        self.oiis = MockProvider(
            self.directory, ORIGIN, load_key(folder), clock, use_once, OIIS_PRO
        )
        self.situations = Situations(stored, self.accounts, clock)
        self.enrolments = Enrolments(
            stored,
            self.accounts,
            self.directory,
            keys.tokens,
            [self.provider, self.oiis.relying_party()],
            clock,
        )
        self.authentication = Authentication(
            keys.tokens, self.sessions.revocations, ORIGIN, clock, self.sessions.use_once
        )
        self.app = Starlette(
            routes=[
                *status.routes(
                    self.accounts,
                    self.enrolments,
                    clock,
                    status.Terms(
                        is_mock=True,
                        retention_days=30,
                        retention_least_days=1,
                        blob_bytes=10_000_000,
                        pin_offline_hours=0,
                        lock_seconds=300,
                    ),
                ),
                *providers.routes(self.enrolments, self.sessions),
                *sessions.routes(
                    self.authentication,
                    self.accounts,
                    self.sessions,
                    self.enrolments,
                    self.conversations,
                    self.directory,
                    clock,
                ),
                *situations.routes(
                    self.authentication, self.situations, self.directory, self.conversations
                ),
                *administration.routes(self.authentication, self.administrations, clock),
                *sponsorships.routes(
                    self.authentication,
                    self.sponsorships,
                    self.guests,
                    self.sessions,
                    self.enrolments,
                    clock,
                ),
                *recovery.routes(self.authentication, self.enrolments, self.recoveries),
                *passkeys.routes(
                    self.authentication, self.passkeys, self.sessions, self.enrolments, clock
                ),
                *pins.routes(self.authentication, self.pins, self.sessions, clock),
                *own_devices.routes(self.authentication, self.devices, self.conversations),
                *transfers.routes(self.authentication, self.transfers, self.sessions, clock),
                *own_sessions.routes(self.authentication, self.sessions),
                *accounts.routes(self.authentication, self.accounts, self.conversations),
                *leaving.routes(self.authentication, self.standings, clock),
                *audit.routes(self.authentication, self.trail),
                *releasing.routes(self.authentication, self.trail, clock),
                *directory.routes(
                    self.authentication, self.directory, self.accounts, self.guests, buckets
                ),
                *conversations.routes(self.authentication, self.conversations),
                *documents.routes(
                    self.authentication,
                    GatewayCallers(self.documents, clock, self.sessions.use_once),
                    self.documents,
                    self.accounts,
                    clock,
                ),
                *self.mock.routes(),
                *self.oiis.routes(),
            ],
            exception_handlers=exception_handlers(),
        )

    def browser(self) -> httpx.AsyncClient:
        """A browser with an empty cookie jar."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ORIGIN)

    def phone(self) -> "Phone":
        return Phone(self, self.browser())


@dataclass
class Phone:
    """A device: its key, its cookies, what it knows of its account."""

    deployment: Deployment
    http: httpx.AsyncClient
    device: DeviceId = field(default_factory=lambda: DeviceId(new_id()))
    key: SigningKey = field(default_factory=SigningKey.generate)
    secret: AccountSecret = field(default_factory=AccountSecret.generate)
    account: AccountId = field(default_factory=lambda: AccountId(new_id()))
    session: SessionId = SessionId("")
    at_ms: int = 0
    authenticator: SoftwareAuthenticator = field(default_factory=SoftwareAuthenticator)

    # Signing in

    async def open_provider(self, provider: str = "mock") -> str:
        """Leave for the provider; the address of its page."""
        left = await self.http.get(f"/auth/{provider}/start")
        assert left.status_code == 302
        return str(left.headers["location"])

    async def choose(self, page_url: str, rpps: str) -> str:
        """Click on a person on the provider's page; the address the browser is sent back to."""
        page = await self.http.get(page_url)
        assert page.status_code == 200, page.text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
        form = {name: unescape(value) for name, value in fields.items()} | {"rpps": rpps}
        chosen = await self.http.post(urlsplit(page_url).path, data=form)
        assert chosen.status_code == 303, chosen.text
        return str(chosen.headers["location"])

    async def identify(self, rpps: str, provider: str = "mock") -> httpx.Response:
        """The whole way to the provider and back; the flow cookie is then in the jar."""
        return await self.http.get(await self.choose(await self.open_provider(provider), rpps))

    async def enrolment(self) -> dict[str, Any]:
        answer = await self.http.get("/api/enrolment")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def first_link(self) -> Link:
        body = Create(
            self.device,
            self.key.public,
            self.secret.signing.public,
            self.secret.sealing.public,
        )
        return create_chain(self.account, body, self.key, self.deployment.clock.now_ms())

    def new_device(self, link: Link, nonce: str) -> dict[str, Any]:
        proof = prove_enrol(self.key, b64decode(nonce), self.device)
        return {
            "link": b64encode(link.data),
            "signature": b64encode(link.signature),
            "label": "Téléphone",
            "proof": b64encode(proof),
        }

    def new_account(self, link: Link, nonce: str, situation: int | None = None) -> dict[str, Any]:
        return {**self.new_device(link, nonce), "situation": situation}

    async def create_account(
        self, rpps: str, situation: int | None = None, provider: str = "mock"
    ) -> httpx.Response:
        """Sign up with the provider."""
        await self.identify(rpps, provider)
        nonce = (await self.enrolment())["nonce"]
        answer = await self.http.post(
            "/api/accounts", json=self.new_account(self.first_link(), nonce, situation)
        )
        return self.remember(answer)

    async def reenter(self, rpps: str) -> httpx.Response:
        """Sign in again with the provider on this device."""
        await self.identify(rpps)
        nonce = b64decode((await self.enrolment())["nonce"])
        body = {
            "account": self.account,
            "device": self.device,
            "proof": b64encode(prove_enrol(self.key, nonce, self.device)),
        }
        return self.remember(await self.http.post("/api/session/provider", json=body))

    def remember(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == 200:
            self.account = AccountId(answer.json()["account"])
            self.session = SessionId(answer.json()["session"])
        return answer

    # Passkeys

    async def add_passkey(self) -> httpx.Response:
        options = (await self.call("POST", "/api/passkeys/begin")).json()["options"]
        credential = self.authenticator.create(options, ORIGIN)
        return await self.call(
            "POST", "/api/passkeys", {"credential": credential, "label": "Visage"}
        )

    async def passkey_body(self, *, is_new: bool = False) -> dict[str, Any]:
        """The answer to a fresh passkey request."""
        begun = (await self.http.post("/api/session/passkey/begin")).json()
        proof = prove_enrol(self.key, b64decode(begun["nonce"]), self.device)
        return {
            "nonce": begun["nonce"],
            "credential": self.authenticator.get(begun["options"], ORIGIN),
            "device": None if is_new else self.device,
            "proof": None if is_new else b64encode(proof),
        }

    async def sign_in_with_passkey(self) -> httpx.Response:
        answer = await self.http.post("/api/session/passkey", json=await self.passkey_body())
        return self.remember(answer)

    async def joining_body(self) -> dict[str, Any]:
        """The link by which this new device joins, once a passkey opened the flow."""
        link = make_link(
            await self.chain(),
            AddDevice(self.device, self.key.public),
            Signer.account(self.secret.signing),
            self.deployment.clock.now_ms(),
        )
        return self.new_device(link, (await self.enrolment())["nonce"])

    async def chain(self) -> ChainState:
        """The account's chain as the server holds it, verified here."""
        links = await self.deployment.accounts.list_links(self.account, -1)
        return replay_chain(links, self.deployment.attestor.attestors)

    # Requests with the session

    @property
    def token(self) -> str:
        """The session's cookie, as a thief would have it."""
        return self.http.cookies[SESSION_COOKIE]

    @token.setter
    def token(self, value: str) -> None:
        self.http.cookies.clear()
        # What Python's cookie jar makes of the host name.
        self.http.cookies.set(SESSION_COOKIE, value, domain="localhost.local")

    def proof(self, method: str, path: str, body: bytes = b"") -> str:
        # No two requests of a device are the same, whatever the clock says.
        self.at_ms = at_ms = max(self.deployment.clock.now_ms(), self.at_ms + 1)
        signature = prove_request(self.key, self.session, method, path, at_ms, body)
        return f"{at_ms}.{b64encode(signature)}"

    async def call(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> httpx.Response:
        """A request signed by the device key."""
        content = b"" if body is None else json.dumps(body).encode()
        return await self.http.request(
            method,
            path,
            content=content,
            headers={
                "Content-Type": "application/json",
                "Lien-Proof": self.proof(method, path, content),
                **headers,
            },
        )


def error_of(answer: httpx.Response) -> str:
    """The code of a refusal."""
    return str(answer.json()["error"]["code"])
