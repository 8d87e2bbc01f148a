"""
A locked phone, copied: what was read on it is nowhere in the browser's profile folder.

The bench is calibrated: a string that the page was made to store in clear must be found, or the
search proves nothing.
"""

import os
import shutil
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.e2e.phone import SCREEN, Phone
from tests.running import RunningServer

DOCTOR, NURSE = "FICTIF-ABDOULA", "FICTIF-BARRET"
SAID = "canari-pansement-refait"
ANSWERED = "canari-fievre-tombee"
PLANTED = "canari-laisse-en-clair"


async def test_a_locked_profile_holds_nothing_readable(
    browser: Browser, server: RunningServer, tmp_path: Path
) -> None:
    doctor = await Phone.new(browser, server.origin)
    await doctor.sign_in(DOCTOR)
    await doctor.accept_express_login()
    profile = tmp_path / "profile"
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
            **SCREEN,
        )
        nurse = await Phone.of(context, server.origin)
        await nurse.sign_in(NURSE)
        await nurse.accept_express_login()
        await doctor.write_to(NURSE, SAID)
        await nurse.open_discussion(DOCTOR)
        await nurse.expect_messages(SAID)
        await nurse.write(ANSWERED)
        await doctor.expect_messages(SAID, ANSWERED)
        # What was sought has left an index, which is sealed like the rest.
        await nurse.page.get_by_role("button", name="Retour").click()
        await nurse.page.get_by_role("searchbox").fill(ANSWERED.split()[0])
        await nurse.page.get_by_role("region", name="Messages").get_by_text(ANSWERED).wait_for()
        await nurse.page.evaluate("text => localStorage.setItem('planted', text)", PLANTED)

        await nurse.page.reload()  # locked: the keys were in the worker's memory only
        await nurse.page.get_by_role("button", name="Déverrouiller").wait_for()
        await nurse.close()

    assert _is_in(profile, PLANTED)
    assert not _is_in(profile, SAID)
    assert not _is_in(profile, ANSWERED)
    await doctor.close()


def _is_in(folder: Path, text: str) -> bool:
    needles = (text.encode(), text.encode("utf-16-le"))
    return any(
        needle in path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        for needle in needles
    )
