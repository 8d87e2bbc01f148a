"""One deployment behind its HTTP door, and people with devices who sign in through it."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx

from lien.client.passkey import SoftwareAuthenticator
from lien.crypto.account import AccountSecret
from lien.crypto.chain import AddDevice, ChainState, Create, Link, Signer, create_chain, make_link
from lien.crypto.chain import replay as replay_chain
from lien.crypto.proofs import prove_enrol, prove_request
from lien.crypto.signing import SigningKey
from lien.ids import AccountId, DeviceId, SessionId, b64decode, b64encode, new_id
from lien.web.authentication import SESSION_COOKIE
from tests.web.services import ORIGIN, Services


class Deployment(Services):
    """Those services, and browsers that ask them."""

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


def as_json(link: Link) -> dict[str, str]:
    """A link as a client sends it."""
    return {"link": b64encode(link.data), "signature": b64encode(link.signature)}
