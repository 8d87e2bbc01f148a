"""A phone with the PWA: its real engine in a process of its own, on a disk that survives it."""

import asyncio
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from lien.ids import AccountId, ChannelId, DeviceId, EnvelopeId, PasskeyId
from tests.twelve.node_process import NodeProcess, Refused
from tests.twelve.phone import Held, Key, Person, Phone

_PATIENCE_SECONDS: Final = 90.0
_GESTURES: Final = 8
_TOLD: Final = 2_000  # characters of what the engine reports
_PLAIN: Final[dict[str, Any]] = {"replyTo": None, "mentions": [], "intent": {"kind": "info"}}

# Of what a discussion shows, what somebody said.
_SAID: Final = ("text", "media", "deleted", "unsupported")
# What the page adds to a photograph: here it has nothing to show before the bytes are there.
_BARE: Final[dict[str, Any]] = {
    **{"name": "", "width": 1, "height": 1, "durationMs": 0},
    **{"thumbnail": b"", "waveform": b""},
}

State = dict[str, Any]


class NodePhone(Phone):
    def __init__(self, name: str, person: Person, program: Path, folder: Path, origin: str) -> None:
        super().__init__(name, person)
        self._program, self._folder, self._origin = program, folder, origin
        self._process: NodeProcess

    async def sign_up(self) -> None:
        await self._begin_by_provider()
        await self._ask("enrol", label=self.name, situation=0)
        state = await self._until_online()
        self.person.account = AccountId(state["me"]["account"])
        begun = await self._ask("passkeyCreateBegin")
        credential = self.person.authenticator.create(begun["options"], self._origin)
        prf = self._prf(credential["id"], begun["salts"])
        await self._ask("passkeyCreateFinish", credential=credential, prf=prf, label="Clé")

    async def join(self) -> None:
        await self._start()
        await self._use_passkey()
        await self._ask("enrol", label=self.name, situation=None)
        await self._until_online()

    async def join_by_code(self) -> None:
        """The same by the account's recovery code; then the passkey opens this one too."""
        await self._begin_by_provider()
        await self._ask("recover", code=self.person.code)
        await self._ask("enrol", label=self.name, situation=None)
        await self._until_online()
        await self._use_passkey()

    async def join_by_qr(self, old: "NodePhone") -> None:
        """The same by a QR code on its screen, which `old` reads."""
        await self._start()
        shown = await self._ask("transferBegin", label=self.name)
        await old.let_in(shown["qr"])
        await self._until_online()
        await self._use_passkey()

    async def let_in(self, code: str) -> None:
        """Read the QR code of a new phone of this account, and agree to it."""
        await self._use_passkey()
        await self._ask("transferFind", code=code)
        await self._ask("transferApprove", code=code)

    async def be_online(self) -> None:
        if self.is_away:
            await self.find_network()
        for _ in range(_GESTURES):
            state = await self._until("online, or closed", _is_online_or_closed)
            if state.get("link") == "online":
                break
            # A store opens after 3 s without an answer: then the person is asked once more.
            await self._use_passkey()
        await self._until_online()

    async def find_network(self) -> None:
        self.is_away = False
        await self._process.order("network", isThere=True)

    async def drop(self) -> None:
        self.is_away = True
        await self._process.order("network", isThere=False)

    async def crash(self, channel: ChannelId | None, text: str) -> None:
        if channel is not None:
            self._process.begin(
                "ask", name="sendText", request={"channel": channel, "text": text, **_PLAIN}
            )
            await asyncio.sleep(0.03)
        await self._process.kill()
        await self._start()
        self.is_away = False
        await self.be_online()

    async def discard(self) -> None:
        await self._process.kill()
        shutil.rmtree(self._folder)

    async def close(self) -> None:
        await self._process.kill()

    async def channels(self) -> dict[ChannelId, set[AccountId]]:
        state = await self._process.order("state")
        return {one["channel"]: set(one["members"]) for one in state["discussions"]}

    async def send(self, channel: ChannelId, text: str) -> Key:
        said = await self._ask("sendText", channel=channel, text=text, **_PLAIN)
        return self.device, EnvelopeId(said["envelope"])

    @property
    def may_send_photograph(self) -> bool:
        return True

    async def send_photograph(self, channel: ChannelId, text: str, content: bytes) -> Key:
        photograph = {"content": content, "mediaType": "image/jpeg", **_BARE}
        said = await self._ask(
            "sendMedia",
            channel=channel,
            items=[photograph],
            text=text,
            site="",
            consent="given",
            **_PLAIN,
        )
        return self.device, EnvelopeId(said["envelope"])

    async def open_photograph(self, channel: ChannelId, key: Key) -> bytes:
        place = {"channel": channel, "target": _target(key), "index": 0}
        opened = await self._ask("openMedia", **place)
        return bytes(opened["content"])

    async def edit(self, channel: ChannelId, key: Key, text: str) -> None:
        await self._ask("editMessage", channel=channel, target=_target(key), text=text, mentions=[])

    async def delete(self, channel: ChannelId, key: Key) -> None:
        await self._ask("withdrawMessage", channel=channel, target=_target(key))

    async def create_group(self, name: str, members: list[AccountId]) -> ChannelId:
        made = await self._ask("createGroup", name=name, members=members)
        return ChannelId(made["channel"])

    async def open_direct(self, other: AccountId) -> ChannelId:
        return ChannelId((await self._ask("openDirect", account=other))["channel"])

    async def add(self, channel: ChannelId, member: AccountId, *, with_past: bool) -> None:
        await self._ask("addMembers", channel=channel, members=[member], withPast=with_past)

    async def remove(self, channel: ChannelId, member: AccountId) -> None:
        await self._ask("removeMember", channel=channel, member=member)

    async def rotate(self, channel: ChannelId) -> None:
        await self._ask("renameGroup", channel=channel, name=f"Groupe {time.time_ns()}")

    async def set_retention(self, channel: ChannelId, days: int) -> None:
        await self._ask("setRetention", channel=channel, days=days)

    async def kept_days(self, channel: ChannelId) -> int:
        return int(await self._process.order("kept", channel=channel))

    async def revoke(self, device: DeviceId) -> None:
        await self._ask("revokeDevice", device=device)

    async def make_code(self) -> str:
        return str((await self._ask("makeRecoveryCode"))["code"])

    async def is_wiped(self) -> bool:
        return bool((await self._state())["kind"] == "revoked")

    async def read(self, channel: ChannelId) -> list[Held]:
        if channel not in await self.channels():
            return []
        shown = await self._process.order("read", channel=channel)
        return [_held(one) for one in shown if one["kind"] in _SAID]

    async def shows(self, channel: ChannelId, key: Key) -> bool:
        if channel not in await self.channels():
            return False
        return bool(await self._process.order("find", channel=channel, target=_target(key)))

    async def describe(self, channel: ChannelId) -> str:
        shown = await self.read(channel)
        told = self._folder.with_name(f"{self._folder.name}.log").read_text()[-_TOLD:]
        return f"{self.name}: {await self._state()}, last {shown[-3:]}, {len(shown)} shown, {told}"

    # The way in

    async def _start(self) -> None:
        self._process = await NodeProcess.start(self._program, self._folder, self._origin)
        await self._ask("start", error=None, language="fr")
        await self._until("a phase", lambda state: state["kind"] != "loading")

    async def _begin_by_provider(self) -> None:
        await self._start()
        await self._process.order("visit", rpps=self.person.rpps)
        await self._ask("start", error=None, language="fr")
        await self._until("the provider's answer", lambda state: state["kind"] == "welcome")

    async def _use_passkey(self) -> None:
        begun = await self._ask("passkeyGetBegin")
        credential = self.person.authenticator.get(begun["options"], self._origin)
        prf = self._prf(credential["id"], begun["salts"])
        await self._ask("passkeyGetFinish", credential=credential, prf=prf)

    def _prf(self, passkey: str, salts: dict[str, bytes]) -> dict[str, bytes]:
        prf = partial(self.person.authenticator.prf, PasskeyId(passkey))
        return {"local": prf(salts["first"]), "vault": prf(salts["second"])}

    async def _until_online(self) -> State:
        state = await self._until("online", lambda state: state.get("link") == "online")
        self.device = DeviceId(state["me"]["device"])
        return state

    async def _until(self, what: str, is_so: Callable[[State], bool]) -> State:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            state = await self._state()
            if is_so(state):
                return state
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name}: never {what}; phase {state}")
            await asyncio.sleep(0.02)

    async def _state(self) -> State:
        phase: State = (await self._process.order("state"))["phase"]
        return phase

    async def _ask(self, command: str, /, **request: Any) -> Any:
        try:
            return await self._process.order("ask", name=command, request=request or None)
        except Refused as refused:
            raise Refused(f"{self.name} {command}: {refused}") from None


def _is_online_or_closed(state: State) -> bool:
    if state["kind"] == "open":
        return state["link"] == "online" or not state["signedIn"]
    return bool(state["kind"] != "loading")


def _target(key: Key) -> dict[str, str]:
    return {"device": key[0], "envelope": key[1]}


def _held(one: dict[str, Any]) -> Held:
    return Held(
        (DeviceId(one["by"]), EnvelopeId(one["envelope"])),
        one["offset"] or 0,
        AccountId(one["author"]),
        one["at"],
        one["text"],
        one["kind"] == "deleted",
        "unsupported" if one["kind"] == "unsupported" else (one["failure"] or ""),
    )
