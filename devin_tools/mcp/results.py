"""Outputs and errors as MCP's result of a tool call, in the names of the wire."""

from __future__ import annotations

import json
import logging
from typing import Any

from ..errors import DevinToolsError
from ..schemas.untrusted import MARK, untrusted_paths
from ..search.offer import Offer
from ..spec import Spec
from ..tool import Output

log = logging.getLogger("devin_tools")


def success(output: Output, spec: Spec, offer: Offer) -> dict[str, Any]:
    """Return an output as structured content, and the same as text for clients that read only that.

    Some clients show their model the one and some the other, so that each holds the marks of text that others
    wrote, and goes on (`resume_with`) by a call that the client has.
    """
    content = marked(offer.readable(output.model_dump(mode="json")), spec)
    return {"content": [_text(content)], "structuredContent": content, "isError": False}


def marked(content: dict[str, Any], spec: Spec) -> dict[str, Any]:
    """Return an output with the paths of text that others wrote before it, where it holds any.

    An unknown field of the API that has the name of the mark is left out: it would stand for ours.
    """
    paths = untrusted_paths(spec.output_schema, content)
    own = {name: value for name, value in content.items() if name != MARK}
    return {MARK: paths, **own} if paths else own


def failure(error: DevinToolsError) -> dict[str, Any]:
    """Return an error as text that a model can read; structured content would have to be an output."""
    return {"content": [_text({"error": error.as_dict("model")})], "isError": True}


def safe_error(error: Exception, where: str) -> DevinToolsError:
    """Return an error that may be shown: one of this package as it is, another by its kind alone.

    Its own text could repeat a value; it goes to the log, for those who ask for that much.
    """
    if isinstance(error, DevinToolsError):
        return error
    log.error("%s: unexpected %s", where, type(error).__name__)
    log.debug("%s", where, exc_info=error)
    return DevinToolsError(f"Unexpected {type(error).__name__}.", hint="This is a fault of the server.")


def _text(content: Any) -> dict[str, str]:
    return {"type": "text", "text": json.dumps(content, ensure_ascii=False)}
