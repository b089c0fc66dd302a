"""The OpenAPI tool server: every tool as `POST /tools/{id}`, for builders that import such documents.

An ASGI application of its own, so that any ASGI server can run it; `devin-tools serve` brings
uvicorn (the extra `server`), which is imported when it serves.
"""

from .app import App, create_app
from .limits import Limits

__all__ = ["App", "Limits", "create_app"]
