"""A session as answers have it, the forms that published clients have seen of it among them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devin_tools.api import Session
from devin_tools.codec import decode
from devin_tools.errors import UnexpectedResponse
from devin_tools.wire import Response


def session(output: Any) -> Session:
    body = {"session_id": "abc", "status": "suspended", "structured_output": output}
    return decode(Session, Response(200, json.dumps(body).encode()), {})


@pytest.mark.parametrize(
    ("sent", "read"),
    [(None, None), ("null", None), ({"ok": True}, {"ok": True}), ('{"ok": true}', {"ok": True}), ("{}", {})],
)
def test_structured_output_is_read_out_of_text_too(sent: Any, read: Any) -> None:
    assert session(sent).structured_output == read


@pytest.mark.parametrize("sent", ["", "done", "[1]", [1], 5])
def test_structured_output_that_is_no_object_is_not_understood(sent: Any) -> None:
    with pytest.raises(UnexpectedResponse, match="structured_output"):
        session(sent)
