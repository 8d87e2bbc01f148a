"""
A locked phone: what was read on it is nowhere in the browser's memory, nor in its profile folder
once it is switched off, whether a passkey or a PIN opens it. The one with the PIN
is then emptied by wrong ones.

Both benches are calibrated: what must not be found after is found before.
"""

import os
import shutil
from pathlib import Path

from playwright.async_api import BrowserContext, Playwright, async_playwright, expect

from tests.e2e.heap import Heap
from tests.e2e.phone import EXPECT_MS, SCREEN, Phone
from tests.e2e.test_pin import WRONG, expect_nothing_kept, type_pin, with_pin
from tests.running import RunningServer, free_port

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"
SAID = "canari-pansement-refait"
ANSWERED = "canari-fievre-tombee"
PLANTED = "canari-laisse-en-clair"
SECRETS = {SAID, ANSWERED, DOCTOR, NURSE}


async def test_a_locked_phone_holds_nothing_readable(server: RunningServer, tmp_path: Path) -> None:
    expect.set_options(timeout=EXPECT_MS)
    profiles = {name: tmp_path / name for name in (DOCTOR, NURSE)}
    ports = {name: free_port() for name in profiles}
    async with async_playwright() as playwright:
        # The doctor's phone is opened by a PIN, the nurse's by a passkey.
        contexts = [await _launch(playwright, profiles[name], ports[name]) for name in profiles]
        doctor, nurse = [await Phone.of(context, server.origin) for context in contexts]
        await with_pin(doctor, DOCTOR)
        await nurse.sign_in(NURSE)
        await nurse.accept_express_login()
        await doctor.write_to(NURSE, SAID)
        await nurse.open_discussion(DOCTOR)
        await nurse.expect_messages(SAID)
        await nurse.write(ANSWERED)
        await doctor.expect_messages(SAID, ANSWERED)
        for phone, port in zip((doctor, nurse), ports.values(), strict=True):
            await phone.page.evaluate("text => localStorage.setItem('planted', text)", PLANTED)
            await _lock_and_look(phone, port)
            # What was opened stays in the browser's history: found, when the profile is read.
            await phone.page.evaluate("hash => { location.hash = hash }", f"#/{PLANTED}")
        await _wear_out_the_pin(doctor, server)
        await expect_nothing_kept(doctor)
        await doctor.close()
        await nurse.close()

    for profile in profiles.values():
        assert _is_in(profile, PLANTED)
        assert not _is_in(profile, SAID)
        assert not _is_in(profile, ANSWERED)


async def _lock_and_look(phone: Phone, port: int) -> None:
    heap = await Heap.open(port)
    assert {"page", "worker"} <= set(heap.kinds)
    assert await heap.find(*SECRETS) == SECRETS
    # What was sought has left an index, which is sealed like the rest.
    await phone.page.get_by_role("button", name="Retour").click()
    await phone.page.get_by_role("searchbox").fill(ANSWERED.split()[0])
    await phone.page.get_by_role("region", name="Messages").get_by_text(ANSWERED).wait_for()
    await phone.page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await phone.page.get_by_role("button", name="Verrouiller maintenant").click()
    await phone.page.get_by_role("heading", name="Lien est verrouillé").wait_for()
    assert await heap.find(*SECRETS) == set()
    await heap.close()


async def _wear_out_the_pin(phone: Phone, server: RunningServer) -> None:
    with server.store() as store:
        (name,) = store.scan_iter("pin:*")
        store.hset(name, "tries", 9)
    await type_pin(phone.page, WRONG)
    await phone.page.get_by_text("tout ce que Lien gardait ici a été effacé").wait_for()


async def _launch(playwright: Playwright, profile: Path, port: int) -> BrowserContext:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return await playwright.chromium.launch_persistent_context(
        profile,
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        args=[*sandbox, f"--remote-debugging-port={port}"],
        **SCREEN,
    )


def _is_in(folder: Path, text: str) -> bool:
    needles = (text.encode(), text.encode("utf-16-le"))
    return any(
        needle in path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        for needle in needles
    )
