"""The console: a web page that `devin-tools serve` serves for people, beside the tools for programs.

The page is plain files under `assets/`; what it reads and runs goes through the routes here, and so
through the same client, rules, guards and limits as every other call of the server.
"""

from .routes import Console, ConsoleRoutes

__all__ = ["Console", "ConsoleRoutes"]
