"""The tools as each provider takes them: shapes and names.

That the committed copy of every one is current is held in tests/process/test_generate.py.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.laws import for_every
from support.odd_tools import Chain, FindLinks, FindOdd
from support.paths import ROOT
from support.tools import built_in, each_kind, tools

from devin_tools import Catalog, Client, Spec, UsageError, describe
from devin_tools.api import CreateSession, GetSelf, GetSession, TerminateSession
from devin_tools.export.manifest import manifest_of
from devin_tools.export.providers import payloads
from devin_tools.export.providers.names import shortened
from devin_tools.export.providers.payloads import (
    aliases,
    anthropic,
    bedrock,
    gemini,
    gemini_interactions,
    mcp,
    mcp_json,
    openai_chat,
    openai_responses,
)
from devin_tools.export.providers.variants import gemini_schema, inline, strict
from devin_tools.model_input import for_models
from devin_tools.presets import chosen
from devin_tools.search.offer import Offer
from devin_tools.tasks import WaitSession, WaitSessions

GET = describe(GetSession)


def specs() -> list[Spec]:
    return for_models(tools())


def test_every_format_is_offered_by_the_catalog() -> None:
    formats = built_in().exporters
    assert payloads.FILES.keys() <= formats.keys()
    assert payloads.DOORS.keys() == {name for name, one in formats.items() if one.deferred}
    assert json.loads(formats["mcp"].files([GET])["mcp.json"]) == payloads.mcp([GET])
    assert "anthropic.strict.notes.json" not in formats["anthropic"].files([GET])
    notes = json.loads(
        formats["openai-chat"].files([GET, describe(FindLinks)])["openai-chat.strict.notes.json"]
    )
    assert notes == {"devin_find_links": ["links[] may be an object of any shape"]}


@pytest.mark.parametrize("is_strict", [False, True])
def test_openai_chat_takes_a_function_in_a_tool(is_strict: bool) -> None:
    schema = strict(GET, "openai").schema if is_strict else inline(GET)
    function = {"name": GET.name, "description": GET.description, "parameters": schema}
    flag = {"strict": True} if is_strict else {}
    assert payloads.openai_chat([GET], strict=is_strict) == [
        {"type": "function", "function": function | flag}
    ]


@pytest.mark.parametrize("is_strict", [False, True])
def test_openai_responses_always_says_whether_a_function_is_strict(is_strict: bool) -> None:
    schema = strict(GET, "openai").schema if is_strict else inline(GET)
    function = {"name": GET.name, "description": GET.description, "parameters": schema}
    assert payloads.openai_responses([GET], strict=is_strict) == [
        {"type": "function", "strict": is_strict} | function
    ]


@pytest.mark.parametrize("is_strict", [False, True])
def test_anthropic_takes_an_input_schema(is_strict: bool) -> None:
    schema = strict(GET, "anthropic").schema if is_strict else inline(GET)
    tool = {"name": GET.name, "description": GET.description, "input_schema": schema}
    flag = {"strict": True} if is_strict else {}
    assert payloads.anthropic([GET], strict=is_strict) == [tool | flag]


def test_a_tool_that_cannot_be_strict_says_so_beside_those_that_are() -> None:
    specs = [GET, describe(Chain)]
    flags = [True, False]
    assert [tool["function"]["strict"] for tool in payloads.openai_chat(specs, strict=True)] == flags
    assert [tool["strict"] for tool in payloads.openai_responses(specs, strict=True)] == flags
    assert [tool["strict"] for tool in payloads.anthropic(specs, strict=True)] == flags


def test_gemini_takes_functions_in_one_tool_and_no_empty_list() -> None:
    [tool] = payloads.gemini([GET, describe(GetSelf), describe(FindLinks)])
    get, without, links = tool["functionDeclarations"]
    assert get["parameters"]["properties"].keys() == {"detail", "session_id"}
    assert without.keys() == {"name", "description"}
    assert links.keys() == {"name", "description", "parametersJsonSchema"}
    [tool] = payloads.gemini([GET, describe(GetSelf)], json_schema=True)
    assert ["parametersJsonSchema" in function for function in tool["functionDeclarations"]] == [True, True]
    assert payloads.gemini([]) == []


def test_bedrock_takes_specifications_in_its_tool_config() -> None:
    assert payloads.bedrock([GET]) == {
        "tools": [
            {
                "toolSpec": {
                    "name": GET.name,
                    "description": GET.description,
                    "inputSchema": {"json": inline(GET)},
                }
            }
        ]
    }


def test_mcp_states_titles_both_schemas_and_all_four_annotations() -> None:
    for tool, spec in zip(payloads.mcp(specs(), output_schemas=True), specs(), strict=True):
        assert tool["title"] == tool["annotations"]["title"] == spec.title
        assert tool["inputSchema"]["type"] == tool["outputSchema"]["type"] == "object"
        assert tool["annotations"] == {
            "title": spec.title,
            "readOnlyHint": spec.effect.only_reads,
            "destructiveHint": spec.effect.kind == "destroy",
            "idempotentHint": spec.effect.is_idempotent,
            "openWorldHint": True,
        }
        spending = manifest_of(spec)["effect"]["spending"]
        assert tool.get("_meta", {}).get("devin-tools/spending") == spending
    hints = {tool["name"]: tool["annotations"] for tool in payloads.mcp(specs())}
    assert hints["devin_get_session"]["readOnlyHint"]
    assert hints["devin_terminate_session"]["destructiveHint"]
    assert not hints["devin_create_session"]["idempotentHint"]


def test_what_mcp_says_of_an_output_fits_what_comes_out(client: Client) -> None:
    created = client.run(CreateSession(prompt="x"))
    ids = {"session_id": created.session_id}
    calls = [GetSession(**ids), WaitSessions(session_ids=[created.session_id]), TerminateSession(**ids)]
    for call in calls:
        [tool] = payloads.mcp([describe(type(call))], output_schemas=True)
        Draft202012Validator(tool["outputSchema"]).validate(client.run(call).model_dump(mode="json"))


def every_payload(specs: list[Any], **options: Any) -> list[Any]:
    strict_too = [
        make(specs, strict=True, **options)
        for make in (payloads.openai_chat, payloads.openai_responses, payloads.anthropic)
    ]
    plain = [
        make(specs, **options)
        for make in (
            payloads.openai_chat,
            payloads.openai_responses,
            payloads.anthropic,
            payloads.gemini,
            payloads.gemini_interactions,
            payloads.bedrock,
            payloads.mcp,
        )
    ]
    return [*plain, *strict_too, payloads.gemini(specs, json_schema=True, **options)]


def test_no_payload_holds_a_field_that_only_a_person_may_fill() -> None:
    people = [spec for spec in specs() if spec.user_only] + [describe(FindOdd)]
    fields = {f'"{name}"' for spec in people for name in spec.user_only}
    assert fields >= {'"session_secrets"', '"message_as_user_id"', '"keeper"'}
    for payload in every_payload(people):
        asked = json.dumps(without_outputs(payload))  # the API may well show what only a person may set
        assert [name for name in fields if name in asked] == []


def without_outputs(node: Any) -> Any:
    if isinstance(node, list):
        return [without_outputs(part) for part in node]
    if not isinstance(node, dict):
        return node
    outputs = ("outputSchema", "responses")
    return {name: without_outputs(part) for name, part in node.items() if name not in outputs}


def test_every_payload_is_plain_json_that_the_caller_owns() -> None:
    some = for_models(each_kind()[:6])
    before = json.dumps(every_payload(some))
    for payload in every_payload(some):
        assert json.loads(json.dumps(payload)) == payload
        payload.clear()
    assert json.dumps(every_payload(some)) == before


def test_a_long_description_is_cut_to_what_every_provider_takes() -> None:
    spec = describe(Chain)
    assert len(spec.description) > 1024
    for payload in every_payload([spec]):
        text = json.dumps(payload)
        assert " ..." in text
        assert spec.description not in text
    said = payloads.anthropic([spec])[0]["description"]
    assert 900 < len(said) <= 1024
    assert spec.description.startswith(said.removesuffix(" ..."))


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", {}),
        ("mcp__devin__", {}),
        (
            "mcp__plugin_devin-tools_devin-tools__",
            {"devin_list_session_attachments": "list_session_attachments"},
        ),
    ],
)
def test_a_name_changes_only_where_it_does_not_fit(prefix: str, expected: dict[str, str]) -> None:
    specs = [built_in().spec(name) for name in ("devin_get_session", "devin_list_session_attachments")]
    chosen = aliases(specs, prefix)
    assert {tool: name for tool, name in chosen.names.items() if tool != name} == expected
    assert list(chosen.names) == [spec.name for spec in specs]


@pytest.mark.parametrize("length", [0, 12, 37, 43, 50, 55, 57, 58])
def test_names_fit_after_any_prefix_and_lead_back_to_their_tools(length: int) -> None:
    chosen = aliases(specs(), "p" * length)
    assert max(map(len, chosen.ids)) + length <= 64
    assert {chosen.ids[name]: name for name in chosen.ids} == chosen.names
    assert sorted(chosen.ids.values()) == sorted(spec.name for spec in specs())
    Draft202012Validator({"items": {"pattern": "^[a-z][a-z0-9_]*$"}}).validate(list(chosen.ids))


def test_a_prefix_without_room_for_names_is_refused() -> None:
    with pytest.raises(UsageError, match="fewer than 6 characters"):
        aliases(specs(), "p" * 59)


def test_shortened_names_never_meet_each_other_or_a_name_that_fits() -> None:
    names = ["list_session", "devin_list_session", "devin_list_sessions_a", "x" * 500 + "1", "x" * 500 + "2"]
    chosen = shortened(names, 12)
    assert chosen["list_session"] == "list_session"
    assert len(set(chosen.values())) == len(names)
    assert max(map(len, chosen.values())) <= 12
    assert shortened(names, 12) == chosen


def test_a_text_that_mentions_a_tool_does_so_by_the_name_that_is_offered() -> None:
    create = built_in().spec("devin_create_session")
    other = replace(create, description="Then call `devin_wait_session`, never devin_wait_sessions.")
    for payload in every_payload([other], names={"devin_wait_session": "wait"}):
        assert "Then call `wait`, never devin_wait_sessions." in json.dumps(payload)


def test_interactions_take_functions_with_json_schema() -> None:
    assert payloads.gemini_interactions([GET]) == [
        {"type": "function", "name": GET.name, "description": GET.description}
        | {"parameters": gemini_schema(GET, json_schema=True)}
    ]


def test_a_payload_offers_the_names_it_is_given() -> None:
    chosen = aliases([GET], "p" * 50)
    assert chosen.names[GET.name] != GET.name
    for payload in every_payload([GET], names=chosen.names):
        assert f'"name": "{chosen.names[GET.name]}"' in json.dumps(payload)
        assert GET.name not in json.dumps(payload)


def test_the_example_of_the_documentation_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "function-calling.md").read_text(encoding="utf-8")
    [code], [output] = (re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL) for kind in ("python", "output"))
    exec(code, {})
    assert capsys.readouterr().out == output


def test_the_json_of_mcp_says_what_its_payload_does() -> None:
    people = [*specs(), describe(FindOdd), describe(Chain)]
    assert any(spec.user_only for spec in people)
    assert json.loads(payloads.mcp_json(people)) == payloads.mcp(people)
    assert json.loads(payloads.mcp_json([])) == []


MAKERS = (openai_chat, openai_responses, anthropic, gemini, gemini_interactions, bedrock, mcp)


@for_every("make", lambda: MAKERS)
def test_a_payload_takes_a_choice_of_tools(make: Any) -> None:
    few = [built_in().spec(name) for name in ("devin_wait_session", "devin_get_session")]
    expected = make(few)
    assert make(tools=[WaitSession, "devin_get_session"]) == expected
    assert make("devin_wait_session,devin_get_session") == make(one for one in few) == expected
    assert make(preset="core") == make("core") == make(chosen(built_in(), "core"))
    assert make(["core"], preset="observe") == make(chosen(built_in(), "observe", tools="core"))
    assert make(Catalog({spec.name: spec for spec in few})) == expected
    assert make([]) == make(iter(()))
    for wrong in ({"preset": "cor"}, {"tools": "devin_nope"}, {"tools": ""}, {"tools": 7}):
        with pytest.raises(UsageError):
            make(**wrong)


def test_mcp_leaves_output_schemas_out_unless_they_are_asked_for() -> None:
    core = chosen(built_in(), "core")
    short, long = mcp(core), mcp(core, output_schemas=True)
    assert short == [{key: part for key, part in tool.items() if key != "outputSchema"} for tool in long]
    assert json.loads(mcp_json(core)) == short and json.loads(mcp_json(core, output_schemas=True)) == long
    assert len(json.dumps(short)) * 2.5 < len(json.dumps(long))
    files = built_in().exporters["mcp"].files(core)
    assert json.loads(files["mcp.json"]) == short and json.loads(files["mcp.full.json"]) == long


def test_the_marks_of_tools_that_find_and_call_others_are_honest() -> None:
    find, read, write = mcp(Offer(for_models(built_in())).meta)
    hints = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
    told = {tool["name"]: tuple(tool["annotations"][hint] for hint in hints) for tool in (find, read, write)}
    assert told == {
        "devin_find_tools": (True, False, True, False),
        "devin_call_read": (True, False, True, True),
        "devin_call_write": (False, True, False, True),
    }
    assert write["_meta"]["devin-tools/spending"]["starts"] == "parts"
    assert all(tool["_meta"]["anthropic/alwaysLoad"] is True for tool in (find, read, write))


def test_keywords_are_hints_for_the_search_of_a_client_as_far_as_there_is_room() -> None:
    few = replace(GET, keywords=("look up", "status"))
    many = replace(GET, keywords=tuple(f"word {number}" for number in range(100)))
    for spec, hint in ((few, "look up, status"), (many, None), (replace(GET, keywords=()), "")):
        [tool] = mcp([spec])
        found = tool.get("_meta", {}).get("anthropic/searchHint", "")
        assert found == hint if hint is not None else 80 < len(found) <= 120 and not found.endswith(",")
        assert json.loads(mcp_json([spec])) == [tool]
        assert "anthropic/alwaysLoad" not in tool.get("_meta", {})
