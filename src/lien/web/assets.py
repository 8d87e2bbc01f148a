"""
The built PWA, read once at start and served from memory.

Only the files found at start are served: a path of a request never reaches the file system.
What `/assets/` holds carries a hash in its name and never changes; the rest is asked for again
each time. Routing in the page is by hash, so `/` is the only page there is.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lien.web.middleware import content_policy

BUILT: Final = Path(__file__).parent / "built"

_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "no-cache"
# The worker with the keys, so named by vite.config.ts. Argon2 is WebAssembly, and a worker
# follows the policy its own file came with.
_WORKER: Final = "/assets/engine-"
_WORKER_SCRIPT: Final = "'self' 'wasm-unsafe-eval'"
_SMALL: Final = 1_024  # not worth compressing
# The system's own table differs from machine to machine.
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
}
_PACKED: Final = frozenset((".png", ".woff2", ".ico"))

_NOT_BUILT: Final = """\
<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<title>Lien</title>
<h1>L’application n’est pas construite</h1>
<p>Ce serveur fonctionne, mais il n’a pas de page à montrer.</p>
<p lang="en">This server runs, but its web client was not built: run
<code>npm --prefix src/pwa run build</code> and start it again.</p>
</html>
"""


@dataclass(frozen=True, slots=True)
class _Asset:
    """One file, ready to be sent."""

    body: bytes
    packed: bytes | None  # gzip, where that is smaller
    headers: dict[str, str]


def routes(origin: str, folder: Path = BUILT) -> list[Route]:
    """One route per file of the built PWA; a page that says so when it was not built."""
    assets = _read(folder, origin)
    if "/" not in assets:
        return [Route("/", _not_built)]
    return [Route(path, _serve(asset)) for path, asset in assets.items()]


def _read(folder: Path, origin: str) -> dict[str, _Asset]:
    if not folder.is_dir():
        return {}
    assets = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            path = f"/{file.relative_to(folder).as_posix()}"
            assets["/" if path == "/index.html" else path] = _asset(path, file, origin)
    return assets


def _asset(path: str, file: Path, origin: str) -> _Asset:
    body = file.read_bytes()
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    headers = {
        "content-type": kind,
        "cache-control": _IMMUTABLE if path.startswith("/assets/") else _REVALIDATE,
        # Weak: the same file compressed or not is two sequences of bytes (RFC 9110, 8.8.1).
        "etag": f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
        "vary": "accept-encoding",
    }
    if path.startswith(_WORKER):
        headers["content-security-policy"] = content_policy(origin, script=_WORKER_SCRIPT)
    packed = None
    if len(body) >= _SMALL and file.suffix not in _PACKED:
        # mtime 0: the same bytes from every process.
        packed = gzip.compress(body, 9, mtime=0)
        packed = packed if len(packed) < len(body) else None
    return _Asset(body, packed, headers)


def _serve(asset: _Asset) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        known = request.headers.get("if-none-match", "").split(",")
        if asset.headers["etag"] in (tag.strip() for tag in known):
            return Response(status_code=304, headers=asset.headers)
        if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.packed, headers={**asset.headers, "content-encoding": "gzip"})
        return Response(asset.body, headers=asset.headers)

    return serve


async def _not_built(request: Request) -> Response:
    return Response(_NOT_BUILT, 503, media_type="text/html")
