"""The components of the installed extension, as Langflow finds them, and a flow that is made of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from devin_tools.export.builders.langflow import class_of
from devin_tools.spec import Spec

__all__ = ["CALLS", "CREATE", "component", "flow", "loaded"]

CREATE = {"max_acu_limit": 5, "tags": ["a", "b"], "resumable": "false"}
LISTED = {"limit": 5, "is_archived": "false"}

CALLS = [
    ("devin_create_session", {"prompt": "Fix it.", **CREATE, "resumable": False}),
    ("devin_list_sessions", {"session_ids": ["SESSION"], "limit": 5, "is_archived": False}),
    ("devin_terminate_session", {"session_id": "SESSION"}),
]
"""What the flow asks for; SESSION stands for the session that was made."""


@cache
def loaded() -> dict[str, Any]:
    """Load the extension out of the installed distribution; give its classes by their names."""
    from lfx.extension.loader import load_installed_extensions

    [extension] = [one for one in load_installed_extensions() if one.extension_id == "devin-tools"]
    assert extension.errors == []
    assert extension.distribution == "devin-tools"
    return {one.class_name: one.klass for one in extension.components}


def component(spec: Spec, **values: Any) -> Any:
    """Make the component of a tool, filled in."""
    return loaded()[class_of(spec)](_id=spec.name).set(**values)


def flow(specs: dict[str, Spec], name: str = "Create, list, terminate") -> dict[str, Any]:
    """Return the flow as JSON: chat, create, list what was made, end the first of them, chat."""
    from external.builders.first_session import FirstSession
    from lfx.components.input_output import ChatInput, ChatOutput
    from lfx.graph import Graph

    start = ChatInput(_id="in")
    made = component(specs["devin_create_session"], prompt=start.message_response, **CREATE)
    page = component(specs["devin_list_sessions"], session_ids=made.output_session_id, **LISTED)
    first = FirstSession(_id="first").set(page=page.build_json)
    ended = component(specs["devin_terminate_session"], session_id=first.pick)
    end = ChatOutput(_id="out").set(input_value=ended.build_text)
    dumped: dict[str, Any] = Graph(start=start, end=end).dump(name=name)
    return dumped
