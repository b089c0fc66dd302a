"""The JSON of an event out of the bytes it came in: compressed, or as a field of a form. Pure.

Whether a form or a compressed body may be taken at all is for whoever received it to say.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from ..errors import UnreadableEvent

MAX_BODY = 1024 * 1024
"""The most bytes of an event, before and after it is decompressed."""

TOO_LARGE = f"The event is larger than {MAX_BODY // 1024} KB."

FORM = "application/x-www-form-urlencoded"

FORM_FIELDS = (b"payload", b"data")
"""The fields of a form that senders put the whole event into."""

SWITCHES = (
    "GitHub: Content type, application/json. Datadog: Encode as form, off. Uptime Kuma: Request Body, "
    "Preset - application/json. Kibana, Zabbix and others: a header Content-Type."
)
"""Where senders say what they send, for those that do not send JSON unless they are told to."""

FORM_LIKE = re.compile(rb"[\w.%-]{1,64}=")

GZIP = b"\x1f\x8b"

ENCODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""The content encodings that are read, with what zlib calls them."""

MAX_MEMBERS = 64
"""The most parts that gzip may come in: each is looked for in all that is left."""

RAW_DEFLATE = -15
"""What zlib calls `deflate` without its header, which half of those who send it leave out."""

LINES = {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}
"""The media types of JSON of which each line is an event."""

CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII | re.IGNORECASE)

CHARSETS = {"ascii": "cp1252", "iso8859-1": "cp1252"}
"""Charsets that stand for a wider one, by Python's names."""

TEXT_OF_OLD = re.compile(r"cp\d+|iso8859-\d+|koi8-[ru]|shift_jis|euc_jp|euc_kr|gb2312|gbk|gb18030|big5|ascii")
"""Python's names of charsets that senders use beside those that JSON may be in."""


def media_type(headers: Mapping[str, str]) -> str:
    """Return the media type that a body is said to have; header names are in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    """Return whether a media type is JSON: one that a page cannot send to another site without asking."""
    return (
        kind == "application/json"
        or kind in LINES
        or (kind.startswith("application/") and kind.endswith("+json"))
    )


def unread_encoding(headers: Mapping[str, str]) -> str:
    """Return the content encoding of a body that is not read; "" where there is none."""
    encoding = headers.get("content-encoding", "").strip().lower()
    return "" if encoding in ("", "identity") or encoding in ENCODINGS else encoding[:40]


def content_of(headers: Mapping[str, str], body: bytes) -> bytes:
    """Return the JSON that a body holds; raise `UnreadableEvent` for one that cannot be decompressed.

    Headers say how it is encoded; without them, as in a file, its first bytes do.
    """
    body = decompressed(headers, body)
    if media_type(headers) == FORM or body.startswith(tuple(name + b"=" for name in FORM_FIELDS)):
        body = form_field(body) or body
    return in_unicode(headers, body)


def in_unicode(headers: Mapping[str, str], body: bytes) -> bytes:
    """Return a body in UTF-8 that is said to be in an older charset; one that is UTF-8 all the same stays."""
    said = CHARSET.search(headers.get("content-type", ""))
    if said is None or not json.detect_encoding(body).startswith("utf-8"):
        return body
    try:
        name = codecs.lookup(said[1]).name
    except LookupError:
        return body
    try:
        body.decode()
    except UnicodeDecodeError:
        if TEXT_OF_OLD.fullmatch(name):
            return body.decode(CHARSETS.get(name, name), "replace").encode()
    return body


def other_than_json(body: bytes) -> str:
    """Return what a body is that is not JSON, and what to set at its sender; "" where nobody knows."""
    start = body.lstrip()[:100]
    if not start:
        return "It is empty."
    if start.startswith(b"<"):
        return "It is XML or HTML. Choose JSON at the sender."
    if FORM_LIKE.match(start):
        return f"It is a form. Choose JSON at the sender. {SWITCHES}"
    if start[:1] in b"{[":
        return "Look at the quotes and commas of the sender's template."
    return ""


def decompressed(headers: Mapping[str, str], body: bytes) -> bytes:
    """Return a body as it was before it was compressed, no larger than an event may be."""
    encoding = headers.get("content-encoding", "").strip().lower()
    if not encoding and body.startswith(GZIP):
        encoding = "gzip"
    if encoding not in ENCODINGS or not body or body.lstrip()[:1] in (b"{", b"["):
        return body  # a proxy on the way has decompressed it, and left the header
    content, left = b"", body
    for _ in range(MAX_MEMBERS):  # of gzip, several can stand one after the other
        part, left = _inflated(left, encoding, MAX_BODY + 1 - len(content))
        content += part
        if not left:
            return content
    raise UnreadableEvent(
        f"The event cannot be decompressed: its {encoding} has more than {MAX_MEMBERS} parts."
    )


def _inflated(body: bytes, encoding: str, most: int) -> tuple[bytes, bytes]:
    """Return what the begin of a body holds, and what stands after it."""
    reader = zlib.decompressobj(ENCODINGS[encoding])
    try:
        content = reader.decompress(body, most)
    except zlib.error:
        reader = zlib.decompressobj(RAW_DEFLATE if encoding == "deflate" else ENCODINGS[encoding])
        try:
            content = reader.decompress(body, most)
        except zlib.error:
            raise UnreadableEvent(f"The event cannot be decompressed: it is not {encoding}.") from None
    if len(content) >= most:
        raise UnreadableEvent(TOO_LARGE)
    if not reader.eof:
        raise UnreadableEvent(f"The event cannot be decompressed: its {encoding} ends early.")
    return content, reader.unused_data if reader.unused_data.startswith(GZIP) else b""


def form_field(body: bytes) -> bytes:
    """Return the field of a form that holds the whole event; nothing where there is none."""
    for pair in body.split(b"&", 16)[:16]:
        name, _, value = pair.partition(b"=")
        if name in FORM_FIELDS and value:
            return unquote_to_bytes(value.replace(b"+", b" "))
    return b""
