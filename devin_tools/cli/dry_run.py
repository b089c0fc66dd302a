"""`--dry-run`: what a call would send. Nothing is sent, and no key is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..client.preview import preview
from .terminal import for_people, print_json

if TYPE_CHECKING:
    from ..tool import Tool
    from .options import Options


def show_dry_run(options: Options, call: Tool[Any], *, as_json: bool) -> None:
    """Print the preview of a call."""
    shown = preview(call, options.settings)
    if for_people(as_json):
        from .render import show_preview

        show_preview(shown)
    else:
        print_json(shown)
