"""What every recipe checks: which parts of the schemas a framework kept, and what its calls gave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["answer", "check", "kept"]

USER_ONLY = ("bypass_approval", "create_as_user_id", "message_as_user_id", "session_secrets")


def kept(schemas: Mapping[str, Any]) -> set[str]:
    """Name what is left of the schemas, given as properties by tool. Fail if a user-only field is there."""
    assert "devin_get_session" in schemas and "devin_terminate_session" not in schemas, sorted(schemas)
    leaked = [name for name in USER_ONLY if f'"{name}"' in json.dumps(schemas, default=str)]
    assert not leaked, f"a model would see {leaked}"
    create, limit = schemas["devin_create_session"], schemas["devin_list_sessions"]["limit"]
    parts = {
        "enum": schemas["devin_get_session"]["detail"].get("enum") == ["brief", "full"],
        "bounds": (limit.get("minimum"), limit.get("maximum")) == (1, 200),
        "nesting": "pattern" in create["attachment_urls"].get("items", {}),
        "descriptions": str(create["prompt"].get("description")).startswith("The task, in plain words."),
    }
    return {part for part, is_kept in parts.items() if is_kept}


def answer(text: str) -> dict[str, Any]:
    """Read the first JSON object in what a framework gave, whatever it wrote around it."""
    found, _ = json.JSONDecoder().raw_decode(text[text.index('{"') :])
    assert isinstance(found, dict)
    return found


def check(
    schemas: Mapping[str, Any],
    keeps: set[str],
    named: Mapping[str, Any],
    session: Mapping[str, Any],
    refused: str,
) -> None:
    """Fail unless the schemas kept what is promised, the session was found again, the error told its kind."""
    assert kept(schemas) == keeps, f"kept {sorted(kept(schemas))}, promised {sorted(keeps)}"
    assert session["session_id"] == named["session_id"]
    error = answer(refused)["error"]
    assert error["kind"] == "not_found" and error["hint"], error
