"""Only who holds the secret can send an event: good, bad, replayed and truncated signatures."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import for_every

from devin_tools.errors import BadSignature
from devin_tools.pipelines.signatures import MAX_AGE, SCHEMES, sign, verify

SECRET, OTHER = "it is a secret to everybody", "another secret"
BODY = '{"title": "Größe"}'.encode()
NOW = 1_772_437_267.0


def hexed(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed(scheme: str, secret: str = SECRET, body: bytes = BODY, at: float = NOW) -> dict[str, str]:
    """Sign a body as the vendor documents it."""
    if scheme == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    if scheme == "github":
        return {"X-Hub-Signature-256": f"sha256={hexed(secret, body)}"}
    if scheme == "sentry":
        return {"Sentry-Hook-Signature": hexed(secret, body), "Sentry-Hook-Timestamp": str(int(at))}
    if scheme == "pagerduty":
        return {"X-PagerDuty-Signature": f"v1={hexed(secret, body)}"}
    if scheme == "grafana":
        return {"X-Grafana-Alerting-Signature": hexed(secret, body)}
    time = str(int(at))
    if scheme == "slack":
        signature = "v0=" + hexed(secret, f"v0:{time}:".encode() + body)
        return {"X-Slack-Signature": signature, "X-Slack-Request-Timestamp": time}
    return {
        "X-Grafana-Alerting-Signature": hexed(secret, time.encode() + b":" + body),
        "X-Grafana-Alerting-Timestamp": time,
    }


def is_accepted(scheme: str, headers: dict[str, str], body: bytes = BODY, *secrets: str) -> bool:
    try:
        verify(scheme, headers, body, secrets or [SECRET], now=NOW)
    except BadSignature as error:
        assert not any(text in str(error) for text in (SECRET, OTHER, *headers.values()) if len(text) > 20)
        return False
    return True


every_scheme = for_every("scheme", lambda: SCHEMES)
every_hmac = for_every("scheme", lambda: [name for name in SCHEMES if name != "bearer"])


@every_scheme
def test_what_is_signed_with_the_secret_is_accepted(scheme: str) -> None:
    assert is_accepted(scheme, signed(scheme))
    assert is_accepted(scheme, {name.upper(): value for name, value in signed(scheme).items()})
    assert is_accepted(scheme, signed(scheme), BODY, OTHER, SECRET), "while one secret takes another's place"


@every_scheme
def test_what_is_signed_with_another_secret_or_not_at_all_is_refused(scheme: str) -> None:
    assert not is_accepted(scheme, signed(scheme, OTHER))
    assert not is_accepted(scheme, {})
    assert not is_accepted(scheme, dict.fromkeys(signed(scheme), ""))
    for other in SCHEMES.keys() - {scheme, "grafana", "grafana-timed"}:
        assert not is_accepted(scheme, signed(other))


@every_hmac
def test_another_body_is_refused(scheme: str) -> None:
    assert not is_accepted(scheme, signed(scheme), BODY + b" ")
    assert not is_accepted(scheme, signed(scheme), BODY[:-1])
    assert not is_accepted(scheme, signed(scheme), b"")


@every_scheme
def test_a_truncated_or_lengthened_signature_is_refused(scheme: str) -> None:
    good = signed(scheme)
    for name, value in good.items():
        if name in ("Sentry-Hook-Timestamp",):  # not a part of what is signed
            continue
        for wrong in (value[:-1], value[1:], value + "0", value[: len(value) // 2], value * 200):
            assert not is_accepted(scheme, good | {name: wrong}), wrong


def test_a_signature_of_a_body_and_a_time_is_good_for_minutes_only() -> None:
    good, bad = [0, MAX_AGE - 1, -MAX_AGE + 1], [MAX_AGE + 1, -MAX_AGE - 1, 86_400]
    for age in [*good, *bad]:
        assert is_accepted("grafana-timed", signed("grafana-timed", at=NOW - age)) is (age in good)
        assert is_accepted("grafana", signed("grafana-timed", at=NOW - age)) is (age in good)


def test_slack_signs_the_time_and_never_leaves_it_out() -> None:
    for age in (0, MAX_AGE - 1, -MAX_AGE + 1, MAX_AGE + 1, -MAX_AGE - 1, 86_400):
        assert is_accepted("slack", signed("slack", at=NOW - age)) is (abs(age) < MAX_AGE)
    old, time = signed("slack", at=NOW - 3_600), "X-Slack-Request-Timestamp"
    assert not is_accepted("slack", old | {time: str(int(NOW))})
    assert not is_accepted("slack", {name: value for name, value in old.items() if name != time})
    good = signed("slack")
    for wrong in ("v1=", "V0=", ""):
        assert not is_accepted("slack", good | {"X-Slack-Signature": wrong + good["X-Slack-Signature"][3:]})


def test_the_vector_of_slacks_documentation() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
        b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "X-Slack-Request-Timestamp": "1531420618",
        "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    verify("slack", headers, body, ["8f742231b10e8888abcd99yyyzzz85a5"], now=1_531_420_650.0)


def test_a_replay_cannot_be_given_a_new_time_or_none() -> None:
    old = signed("grafana-timed", at=NOW - 3_600)
    time = "X-Grafana-Alerting-Timestamp"
    assert not is_accepted("grafana-timed", old | {time: str(int(NOW))})
    assert not is_accepted("grafana-timed", {name: value for name, value in old.items() if name != time})
    assert not is_accepted("grafana", {name: value for name, value in old.items() if name != time})
    assert not is_accepted("grafana-timed", signed("grafana")), "where a time is demanded, none is not enough"


@for_every("time", lambda: ["", " ", "now", "-1", "1e9", "1772437267.0", "\uff19", "9" * 40])
def test_a_time_that_is_none_is_refused(time: str) -> None:
    headers = {
        "X-Grafana-Alerting-Signature": sign(SECRET, time.encode(), b":", BODY),
        "X-Grafana-Alerting-Timestamp": time,
    }
    assert not is_accepted("grafana-timed", headers)


def test_pagerdutys_other_versions_of_signatures_do_not_count() -> None:
    right = hexed(SECRET, BODY)
    assert is_accepted("pagerduty", {"X-PagerDuty-Signature": f"v1={hexed(OTHER, BODY)},v1={right}"})
    assert is_accepted("pagerduty", {"X-PagerDuty-Signature": f"v2=abc, v1={right}"})
    assert not is_accepted("pagerduty", {"X-PagerDuty-Signature": f"v2={right}"})
    assert not is_accepted("pagerduty", {"X-PagerDuty-Signature": right})


def test_githubs_older_header_and_kind_do_not_count() -> None:
    sha1 = hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()
    assert not is_accepted("github", {"X-Hub-Signature": f"sha1={sha1}"})
    assert not is_accepted("github", {"X-Hub-Signature-256": f"sha1={hexed(SECRET, BODY)}"})
    assert not is_accepted("github", {"X-Hub-Signature-256": hexed(SECRET, BODY)})


def test_the_vector_of_githubs_documentation() -> None:
    headers = {
        "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    }
    verify("github", headers, b"Hello, World!", ["It's a Secret to Everybody"], now=NOW)


@every_scheme
def test_an_empty_secret_signs_nothing(scheme: str) -> None:
    for secrets in ([], [""], [SECRET, ""]):
        with pytest.raises(BadSignature, match="no secret"):
            verify(scheme, signed(scheme, ""), BODY, secrets, now=NOW)


def test_a_scheme_that_is_none_is_refused() -> None:
    with pytest.raises(BadSignature, match="The signature scheme is not known"):
        verify("none", {}, BODY, [SECRET], now=NOW)


@given(value=st.text(max_size=200))
def test_whatever_stands_in_the_header_it_is_refused(value: str) -> None:
    for scheme, name in ((each, name) for each in SCHEMES for name in signed(each)):
        if name != "Sentry-Hook-Timestamp":
            assert not is_accepted(scheme, signed(scheme) | {name: value})


def test_a_time_that_is_too_long_to_read_does_not_count_as_left_out() -> None:
    assert not is_accepted("grafana", signed("grafana") | {"X-Grafana-Alerting-Timestamp": "1" * 5_000})
