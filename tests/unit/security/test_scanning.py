"""Secrets in text that anybody wrote: no mark of theirs is believed, no other form hides a key."""

from __future__ import annotations

import base64

from support.laws import for_every
from support.payload_files import event_of, names

from devin_tools.pipelines.alert import Alert
from devin_tools.pipelines.secrets import without_secrets
from devin_tools.security.scanning import Line, secrets_in

AWS = "AKIA" + "IOSFODNN7REALKEY"
OPAQUE = "9f8a7b6c5d4e3f2a" + "1b0c9d8e7f6a5b4c"

SECRETS = [
    f"{AWS} # pragma: allowlist secret",
    f"{AWS} // pragma: allowlist nextline secret",
    f"{AWS} # nosec",
    f"<!-- pragma: allowlist secret --> {AWS}",
    "AKIA IOSF ODNN 7REA LKEY",
    f"\uff21{AWS[1:]}",
    f"{AWS[:4]}\u200b{AWS[4:]}",
    f"{AWS[:4]}\u00ad{AWS[4:]}",
    base64.b64encode(AWS.encode()).decode(),
    "x " + base64.b64encode(f"k={AWS}".encode()).decode(),
    f"Authorization: Bearer {OPAQUE}",
    f"authorization=Basic {OPAQUE}",
    f'"Authorization": "Bearer {OPAQUE}"',
    f"curl -H 'authorization: token {OPAQUE}'",
    f"sent bearer {OPAQUE}",
    "sk-proj-" + "a1B2c3D4" * 6,
    "npm_" + "a1B2" * 9,
    "hf_" + "a1B2c3D4" * 4,
    f"Set-Cookie: session={OPAQUE}; Path=/",
    f"cookie: a=b; sid={OPAQUE}",
    "cog_" + "a1B2c3D4" * 4,
    "ghp_" + "a1B2" * 9,
]


def left(logs: str) -> str:
    return without_secrets(Alert(name="n", source="s", logs=logs))[0].logs


@for_every("text", lambda: SECRETS)
def test_a_secret_in_what_was_logged_is_taken_out(text: str) -> None:
    shown = left(f"before\n{text}\nafter").split("\n")
    assert shown[0] == "before" and shown[-1] == "after" and shown[1].startswith("(taken out")


def test_a_key_over_two_lines_is_taken_out() -> None:
    assert AWS[:9] not in left(f"x {AWS[:9]}\n{AWS[9:]} y\nz") and "z" in left(f"x {AWS[:9]}\n{AWS[9:]} y\nz")


def test_a_mark_in_a_file_of_ones_own_is_believed() -> None:
    line = Line("a.py", 1, f"key = '{AWS}'  # pragma: allowlist secret")
    assert secrets_in([line]) == [] != secrets_in([line], trusts_marks=False)


@for_every("name", names)
def test_what_vendors_send_as_examples_holds_nothing_that_is_taken_out_anew(name: str) -> None:
    for alert in event_of(name).alerts:
        assert without_secrets(alert)[1] == []


ORDINARY = [
    "npm_config cache is something that people set",
    "the bearer of bad news is not to be blamed",
    "Authorization: Bearer",
    "cookie: consent=yes",
    "sk-project-folder",
    "AKIA is a prefix of keys",
    "Authorization: Bearer {{ token }}",
    "https://example.com/a/b/c?d=1",
    "at com.example.Shop.total(Shop.java:12)",
    "GET /api/v1/orders 200 12 ms",
]


@for_every("text", lambda: ORDINARY)
def test_ordinary_lines_stay(text: str) -> None:
    assert left(text) == text


@for_every(
    "logs",
    lambda: ["a\n" * 10_000, '"' * 20_000, "A" * 20_000, "eyJ" * 6_000, "bearer " * 2_800, "cookie:" * 2_800],
)
def test_no_log_makes_the_scan_take_long(logs: str) -> None:
    left(logs)
