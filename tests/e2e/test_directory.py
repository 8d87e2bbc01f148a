"""Finding the right person, and choosing not to be found."""

from playwright.async_api import Browser, expect

from tests.e2e.phone import Phone
from tests.running import RunningServer

NURSE = "FICTIF-BARRET"
DOCTOR = "FICTIF-ABDOULA"


async def test_someone_hides_and_is_found_by_the_whole_number_only(
    browser: Browser, own_server: RunningServer
) -> None:
    nurse = await Phone.new(browser, own_server.origin)
    await nurse.sign_in(NURSE)
    await nurse.accept_express_login()
    await nurse.page.get_by_role("navigation").get_by_role("button", name="Moi").click()
    await expect(nurse.page.get_by_role("radio", name="Visible")).to_be_checked()
    await nurse.page.get_by_text("Discret", exact=True).click()
    await expect(nurse.page.get_by_role("radio", name="Discret")).to_be_checked()

    doctor = await Phone.new(browser, own_server.origin)
    await doctor.sign_in(DOCTOR)
    await doctor.accept_express_login()
    await doctor.page.get_by_role("navigation").get_by_role("button", name="Annuaire").click()
    search = doctor.page.get_by_role("searchbox")
    await search.fill("moutousami")  # spelled as heard
    await expect(doctor.page.get_by_role("button", name="FICTIF-MOUTOUSSAMY")).to_be_visible()
    await search.fill("barret")
    await expect(doctor.page.get_by_role("button", name="FICTIF-MOUTOUSSAMY")).to_have_count(0)
    await expect(doctor.page.get_by_role("button", name=NURSE)).to_have_count(0)
    await search.fill("990 0000 0325")
    await expect(doctor.page.get_by_role("button", name=NURSE)).to_be_visible()
    await nurse.close()
    await doctor.close()
