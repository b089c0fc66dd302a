"""The certificates that this machine's environment names, read and judged without httpx.

`SSL_CERT_FILE` counts, or else `SSL_CERT_DIR`, in place of the certificates that come with httpx.
`REQUESTS_CA_BUNDLE` and the like are of other programs, and do not count.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from ..errors import MissingSetting

if TYPE_CHECKING:
    import ssl

__all__ = ["FOREIGN", "certificate_places", "check_key_log", "tls_context", "trusted"]

HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
"""How OpenSSL names the files that it finds in a folder of certificates."""

FOREIGN = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""Certificates of other programs."""


def tls_context(*, trusts_environment: bool = True) -> ssl.SSLContext:
    """Return what TLS is to use; raise `MissingSetting` for what cannot be used of the environment."""
    check_key_log()  # whatever is trusted, `ssl` itself heeds it
    return trusted() if trusts_environment else _public()


def check_key_log() -> None:
    """Raise `MissingSetting` when the keys cannot be logged where they are to be: `ssl` names no variable."""
    if path := os.environ.get("SSLKEYLOGFILE"):
        try:
            with open(path, "a", encoding="utf-8"):
                pass
        except (OSError, ValueError) as error:
            raise MissingSetting(
                f"SSLKEYLOGFILE names a file that cannot be written: {_why(error)}.",
                hint="Unset SSLKEYLOGFILE, or name a file that can be written.",
            ) from None


def trusted() -> ssl.SSLContext:
    """Return the certificates to trust; raise `MissingSetting` for those that cannot be read."""
    import ssl

    variable, file, folder = certificate_places()
    if variable is None:
        return _public()
    try:
        return ssl.create_default_context(cafile=file, capath=folder)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        why = "it holds no certificates in PEM form" if isinstance(error, ssl.SSLError) else _why(error)
        raise _bad_certificates(variable, why) from None


def _public() -> ssl.SSLContext:
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def certificate_places() -> tuple[str | None, str | None, str | None]:
    """Return which variable names the certificates, and its file or folder; raise `MissingSetting`."""
    if file := os.environ.get("SSL_CERT_FILE"):
        if "-----BEGIN" in file:
            raise _bad_certificates("SSL_CERT_FILE", "it holds the certificate itself")
        if os.path.isdir(file):
            raise _bad_certificates("SSL_CERT_FILE", "it names a folder, which is for SSL_CERT_DIR")
        if not os.path.isfile(file):
            raise _bad_certificates("SSL_CERT_FILE", "the file does not exist")
        return "SSL_CERT_FILE", file, None
    if folders := os.environ.get("SSL_CERT_DIR"):
        found = [folder for folder in folders.split(os.pathsep) if os.path.isdir(folder)]
        if not found:
            is_file = os.path.isfile(folders)
            why = "it names a file, which is for SSL_CERT_FILE" if is_file else "the folder does not exist"
            raise _bad_certificates("SSL_CERT_DIR", why)
        if not any(HASHED.fullmatch(name) for folder in found for name in _listed(folder)):
            raise _bad_certificates(
                "SSL_CERT_DIR", "no file in it is named by its hash, as `openssl rehash FOLDER` names them"
            )
        return "SSL_CERT_DIR", None, folders
    return None, None, None


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _bad_certificates(variable: str, why: str) -> MissingSetting:
    what = (
        "a folder with certificates" if variable == "SSL_CERT_DIR" else "a file with certificates in PEM form"
    )
    return MissingSetting(
        f"The certificates of {variable} cannot be used: {why}.",
        hint=f"Set {variable} to {what}, or unset it: then the public ones count that come with httpx.",
    )


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "it is not a path"
