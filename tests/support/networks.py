"""Real parts of a network on loopback: an API behind TLS with a private CA, and proxies."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

__all__ = [
    "HOST",
    "PrivateCA",
    "TlsApi",
    "forwards",
    "http_proxy",
    "listener",
    "private_ca",
    "socks_proxy",
    "tls_api",
]

HOST = "api.private.test"
"""The name in the certificate, which no look-up knows: only a proxy leads there."""

SECONDS = 30.0


@dataclass(frozen=True)
class PrivateCA:
    """A CA that nobody knows, and a certificate of its for the API."""

    ca: Path
    chain: Path


def private_ca(folder: Path) -> PrivateCA:
    """Make a CA and a certificate with OpenSSL; skip the test where it is not installed."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the command openssl, which makes the certificates")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    extensions = f"subjectAltName=DNS:{HOST},DNS:localhost,IP:127.0.0.1\nauthorityKeyIdentifier=keyid\n"
    (folder / "extensions").write_text(extensions, encoding="ascii")
    usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl("req", "-x509", *key, "-subj", "/CN=Private", *usage, "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *key, "-subj", f"/CN={HOST}", "-keyout", "api.key", "-out", "api.csr")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "extensions")
    openssl("x509", "-req", "-in", "api.csr", *signing, "-out", "api.pem")
    chain = (folder / "api.pem").read_bytes() + (folder / "api.key").read_bytes()
    (folder / "chain.pem").write_bytes(chain)
    return PrivateCA(folder / "ca.pem", folder / "chain.pem")


@dataclass
class TlsApi:
    """An API that makes a session of everything, and what it was asked."""

    port: int
    asked: list[str] = field(default_factory=list)
    delay: float = 0.0
    """Seconds until it answers."""


@contextmanager
def tls_api(ca: PrivateCA, *, wants_certificate: bool = False) -> Iterator[TlsApi]:
    """Serve the API on loopback, perhaps for those alone who have a certificate of the CA."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            api.asked.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("content-length", 0)))
            time.sleep(api.delay)
            body = json.dumps({"session_id": "devin-abc", "status": "running", "items": []}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(OSError):
                super().handle()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

        def finish_request(self, request: Any, client_address: Any) -> None:
            with suppress(OSError), context.wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca.chain)
    if wants_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(ca.ca)
    with Server(("127.0.0.1", 0), Handler) as server:
        api = TlsApi(server.server_port)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield api
        server.shutdown()


@contextmanager
def listener(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Do something with every connection to a port of loopback; yield the port."""

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=_served, args=(serve, connection), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]


def _served(serve: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection, suppress(OSError):
        connection.settimeout(SECONDS)
        serve(connection)


def forwards(one: socket.socket, port: int) -> None:
    """Pass on all bytes between a connection and a port of loopback."""

    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    with socket.create_connection(("127.0.0.1", port)) as other:
        threading.Thread(target=copy, args=(one, other), daemon=True).start()
        copy(other, one)


def http_proxy(
    port: int, *, user: str = "", seen: list[str] | None = None
) -> Callable[[socket.socket], None]:
    """Return a proxy that tunnels to a port, for whoever knows the user and password."""
    wanted = f"Proxy-Authorization: Basic {base64.b64encode(user.encode()).decode()}".lower()

    def serve(connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (data := connection.recv(65536)):
            head += data
        lines = head.decode("latin-1").split("\r\n")
        if seen is not None:
            seen.append(lines[0])
        if user and wanted not in [line.lower() for line in lines]:
            connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        forwards(connection, port)

    return serve


def socks_proxy(port: int, *, answers: bool = True) -> Callable[[socket.socket], None]:
    """Return a SOCKS 5 proxy without users; one that never answers is heard of too."""

    def serve(connection: socket.socket) -> None:
        connection.recv(262)
        if not answers:
            connection.recv(1)
            return
        connection.sendall(b"\x05\x00")
        connection.recv(262)
        connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50")
        forwards(connection, port)

    return serve
