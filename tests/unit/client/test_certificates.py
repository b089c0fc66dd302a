"""Which certificates count, and what is said of those that cannot be read."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from devin_tools.client.certificates import tls_context
from devin_tools.errors import MissingSetting


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "content", ["", "none here", "-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_certificates_is_named(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").write_text(content, encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with pytest.raises(MissingSetting, match=r"SSL_CERT_FILE.*PEM") as caught:
        tls_context()
    assert "canary" not in str(caught.value)


def test_a_file_goes_before_a_folder_and_other_programs_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    certifi = pytest.importorskip("certifi").where()
    monkeypatch.setenv("SSL_CERT_FILE", certifi)
    monkeypatch.setenv("SSL_CERT_DIR", "/no/such")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such.pem")
    assert tls_context().get_ca_certs()


def test_the_keys_are_logged_where_that_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    monkeypatch.setattr(httpx, "create_ssl_context", lambda trust_env: trust_env)
    tls_context()
    assert (tmp_path / "keys").is_file()
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "none" / "keys"))
    with pytest.raises(MissingSetting, match="SSLKEYLOGFILE"):
        tls_context()
