"""A request's headers have one reading, or none."""

from __future__ import annotations

import pytest
from support.laws import for_every

from devin_tools.errors import BadRequest
from devin_tools.mcp.headers import SINGLE, one_reading


@for_every("name", lambda: [*sorted(SINGLE), "mcp-of-a-later-version"])
def test_a_header_with_one_value_that_came_twice_is_refused(name: str) -> None:
    for second in (name, name.upper(), name.title()):
        with pytest.raises(BadRequest, match="came more than once") as caught:
            one_reading([(name.encode(), b"CANARY"), (b"accept", b"x"), (second.encode(), b"CANARY")])
        assert caught.value.status == 400
        assert "CANARY" not in str(caught.value) and "later" not in str(caught.value)


def test_lists_in_several_lines_are_joined_in_their_order() -> None:
    given = [(b"Accept", b"application/json"), (b"HOST", b"a"), (b"accept", b"text/event-stream")]
    assert one_reading(given) == {"accept": "application/json, text/event-stream", "host": "a"}
