"""The tool server: every tool as `POST /tools/{id}` with an OpenAPI document, and a console for people.

An ASGI application made of Starlette's parts, so that any ASGI server can run or mount it;
`devin-tools serve` runs it on uvicorn. Both come with the extra `server`.
"""

from .app import App, create_app
from .console import Console
from .limits import Limits
from .webhooks import Hooks

__all__ = ["App", "Console", "Hooks", "Limits", "create_app"]
