"""Who may send events, as the environment says it."""

from __future__ import annotations

import pytest

from devin_tools.server.hooks import secrets_of_environment


def test_a_vendor_s_own_secret_goes_before_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert secrets_of_environment() == {}
    monkeypatch.setenv("DEVIN_HOOK_SECRET_GITHUB", " of-github ")
    assert secrets_of_environment() == {"github": ["of-github"]}
    monkeypatch.setenv("DEVIN_HOOK_SECRET", "of-all")
    assert secrets_of_environment() == {
        "bearer": ["of-all"], "github": ["of-github"], "sentry": ["of-all"], "pagerduty": ["of-all"],
        "grafana": ["of-all"],
    }  # fmt: skip
