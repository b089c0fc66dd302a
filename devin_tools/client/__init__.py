"""The clients, and what a request passes on its way: guards, retries, the clock, bodies and files."""

from .clients import AsyncClient, Client

__all__ = ["AsyncClient", "Client"]
