"""A proxy that ends TLS: for programs whose host is written into them, and that heed proxy variables."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

import trustme

__all__ = ["intercepting"]

PIECE = 65_536


@contextmanager
def intercepting(host: str, url: str, folder: Path) -> Iterator[dict[str, str]]:
    """Lead what goes to a host to a server on loopback; give the variables that a program needs for it.

    The certificate is of an authority of its own, which only a program with these variables trusts.
    """
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    target = urlsplit(url)
    assert target.hostname and target.port

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            asked = self.rfile.readline().split()
            while self.rfile.readline().strip():
                pass
            if asked[:2] != [b"CONNECT", f"{host}:443".encode()]:
                self.wfile.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
                return
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with suppress(OSError), context.wrap_socket(self.request, server_side=True) as client:
                with socket.create_connection((target.hostname, target.port)) as server:
                    back = threading.Thread(target=pass_on, args=(server, client), daemon=True)
                    back.start()
                    pass_on(client, server)
                    back.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as proxy:
        proxy.daemon_threads = True
        threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield {
                "HTTPS_PROXY": f"http://127.0.0.1:{proxy.server_address[1]}",
                "SSL_CERT_FILE": str(folder / "authority.pem"),
            }
        finally:
            proxy.shutdown()


def pass_on(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until one of the two ends."""
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
