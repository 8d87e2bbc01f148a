"""The built page: what is served, how long it is kept, and what cannot be reached."""

from pathlib import Path

import pytest

from lien.web import assets
from lien.web.middleware import content_policy
from tests.web.doors import ORIGIN, a_client, an_app

SCRIPT = "export const lien = 1;\n" * 200


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built client like the real one, beside a file that is not of it."""
    folder = tmp_path / "built"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Lien</title>")
    (folder / "sw.js").write_text(SCRIPT)
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / "assets" / "index-abc.js").write_text(SCRIPT)
    (folder / "assets" / "engine-abc.js").write_text(SCRIPT)
    (folder / "assets" / "index-abc.css").write_text("body{}")
    (folder / "assets" / "icon-abc.png").write_bytes(b"\x89PNG" + bytes(5_000))
    (tmp_path / "secret").write_text("secret")
    return folder


@pytest.mark.parametrize(
    ("path", "kind", "kept"),
    [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/assets/index-abc.js", "text/javascript; charset=utf-8", "immutable"),
        ("/assets/index-abc.css", "text/css; charset=utf-8", "immutable"),
        ("/assets/icon-abc.png", "image/png", "immutable"),
    ],
)
async def test_files_have_their_type_and_are_kept_as_they_should(
    built: Path, path: str, kind: str, kept: str
) -> None:
    async with a_client(an_app(*assets.routes(ORIGIN, built))) as client:
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
        assert kept in answer.headers["cache-control"]
        assert answer.headers["content-security-policy"] == content_policy(ORIGIN)
        assert (await client.head(path)).status_code == 200


async def test_only_the_worker_may_compile_webassembly(built: Path) -> None:
    async with a_client(an_app(*assets.routes(ORIGIN, built))) as client:
        worker = (await client.get("/assets/engine-abc.js")).headers["content-security-policy"]
        page = (await client.get("/")).headers["content-security-policy"]

    assert "script-src 'self' 'wasm-unsafe-eval';" in worker
    assert "wasm" not in page


async def test_known_file_is_not_sent_again(built: Path) -> None:
    async with a_client(an_app(*assets.routes(ORIGIN, built))) as client:
        first = await client.get("/")
        known = {"if-none-match": f'"other", {first.headers["etag"]}'}
        again = await client.get("/", headers=known)
        (built / "index.html").write_text("<!doctype html><title>Lien 2</title>")

    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers
    async with a_client(an_app(*assets.routes(ORIGIN, built))) as client:
        assert (await client.get("/", headers=known)).status_code == 200


async def test_text_is_compressed_for_who_reads_it(built: Path) -> None:
    async with a_client(an_app(*assets.routes(ORIGIN, built))) as client:
        packed = await client.get("/sw.js", headers={"accept-encoding": "gzip"})
        plain = await client.get("/sw.js", headers={"accept-encoding": "identity"})
        image = await client.get("/assets/icon-abc.png", headers={"accept-encoding": "gzip"})

    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(SCRIPT)
    assert packed.text == plain.text == SCRIPT
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in image.headers


@pytest.mark.parametrize(
    "path",
    [
        "/index.html",
        "/../secret",
        "/%2e%2e/secret",
        "/assets/../../secret",
        "/assets/..%2f..%2fsecret",
        "/assets/",
        "/assets",
        "/anything",
    ],
)
async def test_nothing_else_is_served(built: Path, path: str) -> None:
    async with a_client(an_app(*assets.routes(ORIGIN, built))) as client:
        answer = await client.get(path, follow_redirects=True)
        assert answer.status_code == 404
        assert "secret" not in answer.text


async def test_missing_page_says_what_to_do(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        async with a_client(an_app(*assets.routes(ORIGIN, folder))) as client:
            answer = await client.get("/")
            assert answer.status_code == 503
            assert "npm --prefix src/pwa run build" in answer.text
