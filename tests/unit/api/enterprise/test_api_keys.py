"""Keys are shown once: in no text of an output, and never made a second time by a retry."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from devin_tools import (
    CreateEnterpriseServiceUser,
    CreateServiceUser,
    CreateServiceUserKey,
    RotateServiceUserKey,
    Tool,
)
from devin_tools.errors import Ambiguous

TOKEN = "cog_CANARY0123456789"
ON = {"service_user_id": "service-user-1"}
USER: dict[str, Any] = {"name": "CI", "role_id": "role-member", "ttl_seconds": 60}
KEY_CALLS = (CreateServiceUserKey(**ON, name="CI"), RotateServiceUserKey(**ON, api_key_id="apikey-1"))
USER_CALLS = (CreateServiceUser(**USER), CreateEnterpriseServiceUser(**USER))


@pytest.mark.parametrize("call", [*KEY_CALLS, *USER_CALLS], ids=lambda call: type(call).__name__)
@pytest.mark.parametrize("fault", ["timeout", "503", "unreadable"])
def test_no_second_key_is_made_when_an_answer_is_lost(run: Any, call: Tool[Any], fault: str) -> None:
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if fault == "timeout":
            raise httpx.ReadTimeout("lost", request=request)
        return httpx.Response(503 if fault == "503" else 200, text=f'{{"token": "{TOKEN}"')

    with pytest.raises(Ambiguous) as caught:
        run(answer, call)
    listing = "devin_list_service_user_keys" if call in KEY_CALLS else "devin_list_service_users"
    assert len(sent) == 1 and listing in caught.value.hint and TOKEN not in str(caught.value.as_dict())


@pytest.mark.parametrize("call", [*KEY_CALLS, *USER_CALLS], ids=lambda call: type(call).__name__)
def test_a_key_stands_in_the_output_and_in_no_text_of_it(run: Any, call: Tool[Any]) -> None:
    user = {**ON, "name": "CI", "expires_at": None, "deleted_at": None, "role_assignments": []}
    body = {"api_key_id": "apikey-1", "api_key_name": "CI", "service_user": user, "token": TOKEN}
    output = run(lambda request: httpx.Response(200, json=body), call)
    assert output.token == TOKEN and TOKEN not in f"{output!r} {output}"


def test_what_is_left_out_of_a_rotation_is_for_the_api_to_choose(run: Any) -> None:
    bodies: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200, json={"api_key_id": "apikey-2", "token": TOKEN})

    run(answer, RotateServiceUserKey(**ON, api_key_id="apikey|1"))
    run(answer, RotateServiceUserKey(**ON, api_key_id="apikey|1", revoke_current=False))
    assert bodies == [b"{}", b'{"revoke_current":false}']
