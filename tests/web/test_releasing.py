"""What leaves the app: only after a fresh sign-in, and written in the trail."""

from tests.web.signing_in import Deployment, Phone, error_of


async def test_release_is_written_in_the_trail(phone: Phone) -> None:
    assert (await phone.call("POST", "/api/account/release", {"what": "media"})).json() == {}

    newest = (await phone.call("GET", "/api/audit")).json()["events"][0]
    assert (newest["kind"], newest["by"], newest["note"]) == ("content_released", "self", "media")


async def test_phone_that_was_left_open_releases_nothing(
    deployment: Deployment, phone: Phone
) -> None:
    deployment.clock.advance(seconds=601)

    answer = await phone.call("POST", "/api/account/release", {"what": "data"})

    assert error_of(answer) == "fresh_sign_in_needed"
    events = (await phone.call("GET", "/api/audit")).json()["events"]
    assert "content_released" not in {event["kind"] for event in events}


async def test_refused(phone: Phone) -> None:
    for body in ({"what": "everything"}, {}, {"what": "media", "more": 1}):
        assert (await phone.call("POST", "/api/account/release", body)).status_code == 400
