"""What answers with nothing is done, whatever stands in its place."""

from __future__ import annotations

import pytest

from devin_tools.api.shared.empty import Done
from devin_tools.codec import decode
from devin_tools.wire import Response


@pytest.mark.parametrize("body", [b"", b"null", b"true", b'"released"', b"[]", b'{"blueprint_id": "b"}'])
def test_the_status_is_the_answer(body: bytes) -> None:
    assert decode(Done, Response(200, body), {}).done is True
