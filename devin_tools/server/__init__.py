"""The tool server: every tool as `POST /tools/{id}` with an OpenAPI document, and a console for people.

An ASGI application of its own, so that any ASGI server can run it; `devin-tools serve` brings
uvicorn (the extra `server`), which is imported when it serves.
"""

from .app import App, create_app
from .console import Console
from .limits import Limits
from .webhooks import Hooks

__all__ = ["App", "Console", "Hooks", "Limits", "create_app"]
