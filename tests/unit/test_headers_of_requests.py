"""A request's headers have one reading, or none."""

from __future__ import annotations

import pytest
from support.laws import for_every

from devin_tools.errors import UsageError
from devin_tools.headers import SINGLE, checked_headers, joined
from devin_tools.server.webhooks import SIGNED_BY

FURTHER = ("mcp-of-a-later-version", "x-grafana-alerting-timestamp", "x-later-signature-v2")


@for_every("name", lambda: sorted({*SINGLE, *SIGNED_BY, *FURTHER}))
def test_a_header_with_one_value_that_came_twice_is_refused(name: str) -> None:
    for second in (name, name.upper(), name.title()):
        with pytest.raises(UsageError, match="came more than once") as caught:
            checked_headers([(name.encode(), b"CANARY"), (b"accept", b"x"), (second.encode(), b"CANARY")])
        assert "CANARY" not in str(caught.value) and "later" not in str(caught.value)


@for_every("read", lambda: [joined, checked_headers])
def test_lists_in_several_lines_are_joined_in_their_order(read: type[dict[str, str]]) -> None:
    given = [(b"Accept", b"application/json"), (b"HOST", b"a"), (b"accept", b"text/event-stream")]
    assert read(given) == {"accept": "application/json, text/event-stream", "host": "a"}
