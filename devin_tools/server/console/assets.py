"""The files of the page, and the headers that keep everything else out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.responses import Response

from ..responses import HTTPError, PartedResponse

PAGE = "index.html"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
    # Text cannot become markup or code by mistake: the browser refuses the ways in which it could.
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

PAGE_HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def asset(name: str, known_tag: str = "") -> Response:
    """Return a file of the page, or 304 when the browser has it; raise `HTTPError` for an unknown name."""
    content = assets().get(name)
    if content is None:
        raise HTTPError(404, "not_found", "The file does not exist.")
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    suffix = name[name.rfind(".") :]
    headers = {"content-type": TYPES[suffix], "cache-control": "no-cache", "etag": tag} | PAGE_HEADERS
    if known_tag == tag:
        return Response(status_code=304, headers=headers)
    return PartedResponse(content, headers=headers)


@cache
def assets() -> Mapping[str, bytes]:
    """Return every file by its name, read once: what is asked for is never looked up on the disk."""
    return dict(sorted(_walk(files(__package__) / "assets", "")))


def _walk(folder: Traversable, before: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{before}{entry.name}/")
        elif entry.name[entry.name.rfind(".") :] in TYPES:
            yield before + entry.name, entry.read_bytes()
