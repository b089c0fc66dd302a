"""The forms in which a model is shown some tools and finds the others, at each provider."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest
from support.laws import for_every
from support.tools import built_in

from devin_tools import Catalog, Client, Simulator, Spec, Toolbox, UsageError
from devin_tools.dispatch import dispatch
from devin_tools.export.providers import payloads
from devin_tools.export.providers.limits import ANTHROPIC_MAX, anthropic_usage
from devin_tools.export.providers.names import aliases
from devin_tools.export.providers.payloads import deferred_files
from devin_tools.export.providers.seen import always_seen
from devin_tools.export.providers.variants import gemini_schema
from devin_tools.model_input import for_models
from devin_tools.presets import PRESETS, chosen
from devin_tools.search.namespaces import MOST_IN_A_NAMESPACE, MOST_WORDS, leading_words, namespaces
from devin_tools.search.offer import CALL_READ, CALL_WRITE, FIND, Offer

META_SPECS = (FIND, CALL_READ, CALL_WRITE)
META = tuple(spec.name for spec in META_SPECS)

FORMS: dict[str, dict[str, Any]] = {
    "openai_chat": {},
    "openai_chat defer_loading": {"search": "defer_loading"},
    "openai_responses": {},
    "openai_responses own": {"search": "own"},
    "anthropic": {},
    "anthropic regex": {"search": "regex"},
    "anthropic own": {"search": "own"},
    "gemini": {},
    "gemini_interactions": {},
    "gemini_interactions hosted": {"search": "hosted"},
    "bedrock": {},
}
"""Every form, with the options that it takes."""

IN_THE_ANSWER = ("openai_responses own", "gemini_interactions")
"""Forms whose deferred tools are in no payload: the answer to a search holds them."""

BY_META = ("openai_chat", "openai_chat defer_loading", "gemini", "bedrock")
"""Forms in which a model calls what it found by the meta tools."""


@cache
def every() -> tuple[Spec, ...]:
    """Return all tools that a person can choose for a model."""
    return tuple(for_models([spec.chosen() for spec in built_in()]))


@cache
def offer() -> Offer:
    return Offer(every(), "core")


def made(form: str, tools: Any = None, **options: Any) -> Any:
    given = every() if tools is None else tools
    return getattr(payloads, form.split()[0])(given, **{"loaded": "core"} | FORMS[form] | options)


def flat(payload: Any) -> list[dict[str, Any]]:
    """Return each tool of a payload as one mapping, out of its namespace and its frame."""
    entries = payload["tools"] if isinstance(payload, dict) else payload
    tools = []
    for entry in entries:
        inside = entry.get("functionDeclarations") or entry.get("tools", [entry])
        for tool in inside:
            tools.append(tool | tool.get("function", {}) | tool.get("toolSpec", {}))
    return tools


def names_of(tools: list[dict[str, Any]], *, late: bool) -> list[str]:
    return [tool["name"] for tool in tools if tool.get("defer_loading", False) is late and "name" in tool]


@for_every("form", lambda: FORMS)
def test_each_tool_is_shown_or_deferred_or_comes_with_the_answer(form: str) -> None:
    tools = flat(made(form))
    shown, late = names_of(tools, late=False), names_of(tools, late=True)
    assert [name for name in shown if name in offer().specs] == list(offer().loaded)
    carries = "defer_loading" in form or form.startswith("anthropic") or "hosted" in form
    carries = carries or form == "openai_responses"
    assert sorted(late) == (sorted(offer().deferred) if carries else [])
    assert [name for name in META if name in shown] == (
        list(META)
        if form in BY_META
        else [FIND.name]
        if form in ("anthropic own", "gemini_interactions")
        else []
    )
    assert max(Counter(shown + late).values()) == 1
    assert "cache_control" not in json.dumps(tools)


@for_every("form", lambda: FORMS)
def test_where_nothing_is_left_to_be_found_all_is_listed(form: str) -> None:
    core = chosen(built_in(), "core")
    assert made(form, core) == getattr(payloads, form.split()[0])(core)
    assert made(form, []) == getattr(payloads, form.split()[0])([])


@for_every("form", lambda: FORMS)
def test_what_is_deferred_may_be_all_but_what_finds_it(form: str) -> None:
    audit = chosen(built_in(), "audit")
    tools = flat(made(form, audit))
    assert [
        name for name in names_of(tools, late=False) if name.startswith("devin_") and name not in META
    ] == []
    assert [tool for tool in tools if not tool.get("defer_loading")] != []


@for_every("form", lambda: FORMS)
def test_a_form_is_the_same_each_time_and_plain_data_that_the_caller_owns(form: str) -> None:
    few = chosen(built_in(), "operate")
    first = json.dumps(made(form, few))
    made(form, few).clear()
    for tool in flat(made(form, few)):
        tool.clear()
    assert json.dumps(made(form, few)) == first


def test_messages_begin_with_the_search_and_end_with_what_is_deferred() -> None:
    for search in ("bm25", "regex"):
        first, *rest = payloads.anthropic(every(), loaded="core", search=search)
        assert first == {"type": f"tool_search_tool_{search}_20251119", "name": f"tool_search_tool_{search}"}
        assert [tool["name"] for tool in rest] == [*offer().loaded, *offer().deferred]
    first, *rest = payloads.anthropic(every(), loaded="core", search="own")
    assert first.keys() == {"name", "description", "input_schema"}
    assert first["name"] == FIND.name and "The areas are: " in first["description"]
    assert [tool["name"] for tool in rest] == [*offer().loaded, *offer().deferred]


@pytest.mark.parametrize("search", ["bm25", "own"])
def test_the_limits_of_strict_count_what_is_deferred_too_and_what_is_loaded_first(search: str) -> None:
    tools = payloads.anthropic(every(), loaded="core", search=search, strict=True)
    strict = [tool for tool in tools if tool.get("strict")]
    used = sum((anthropic_usage(tool["input_schema"]) for tool in strict), Counter[str]())
    assert len(strict) > 3 and all(used[key] <= most for key, most in ANTHROPIC_MAX.items())
    alone = payloads.anthropic(list(offer().loaded.values()), strict=True)
    if search == "bm25":
        assert tools[1 : 1 + len(alone)] == alone


def test_responses_have_namespaces_of_few_deferred_functions_and_one_search() -> None:
    tools = payloads.openai_responses(every(), loaded="core", strict=True)
    kinds = Counter(tool["type"] for tool in tools)
    assert kinds == {"function": len(offer().loaded), "namespace": kinds["namespace"], "tool_search": 1}
    assert tools[-1] == {"type": "tool_search"}
    spaces = [tool for tool in tools if tool["type"] == "namespace"]
    assert {space["name"]: [one["name"] for one in space["tools"]] for space in spaces} == {
        name: [spec.name for spec in some] for name, some in namespaces(offer().deferred.values()).items()
    }
    for space in spaces:
        assert space.keys() == {"type", "name", "description", "tools"}
        assert 1 <= len(space["tools"]) <= MOST_IN_A_NAMESPACE
        assert space["name"] not in offer().specs and len(space["name"]) <= 64
        assert 3 <= len(space["description"]) <= MOST_WORDS and "\n" not in space["description"]
        for tool in space["tools"]:
            assert tool["defer_loading"] is True and isinstance(tool["strict"], bool)
    assert len({space["description"] for space in spaces}) == len(spaces)


def test_what_leads_to_a_namespace_is_what_people_say() -> None:
    secrets = [built_in().spec("devin_list_secrets"), built_in().spec("devin_delete_secret")]
    said = leading_words(secrets).split(", ")
    assert said[:2] == [spec.keywords[0] for spec in secrets]
    assert {*said} <= {word for spec in secrets for word in spec.keywords}


def test_a_search_of_ours_is_declared_with_what_it_takes() -> None:
    *shown, search = payloads.openai_responses(every(), loaded="core", search="own")
    assert [tool["name"] for tool in shown] == list(offer().loaded)
    assert search.keys() == {"type", "execution", "description", "parameters"}
    *_, asked = payloads.gemini_interactions(every(), loaded="core")
    schema = gemini_schema(offer().find_tool, json_schema=True)
    assert asked == search | {"name": FIND.name, "parameters": schema}
    assert (search["type"], search["execution"]) == ("tool_search", "client")
    assert search["parameters"]["properties"].keys() == {"query", "names", "limit"}


def test_gemini_shows_one_sentence_of_what_its_own_search_finds() -> None:
    tools = payloads.gemini_interactions(every(), loaded="core", search="hosted")
    short = {tool["name"]: tool["short_description"] for tool in tools if tool.get("defer_loading")}
    assert short == {name: spec.summary for name, spec in offer().deferred.items()}
    assert tools[-1] == {"type": "tool_search"}


@for_every("form", lambda: FORMS)
def test_the_shown_part_is_what_it_would_be_alone(form: str) -> None:
    """Nothing of a loaded tool changes because others are deferred."""
    alone = {
        tool["name"]: tool for tool in flat(getattr(payloads, form.split()[0])(list(offer().loaded.values())))
    }
    shown = {tool["name"]: tool for tool in flat(made(form)) if tool.get("name") in offer().loaded}
    assert shown == alone


@for_every("form", lambda: FORMS)
def test_other_names_are_offered_in_every_part_of_a_form(form: str) -> None:
    few = Offer(for_models(chosen(built_in(), "operate")), "core")
    other = aliases([*few.specs.values(), *few.meta], "p" * 50)
    tools = flat(made(form, list(few.specs.values()), names=other.names))
    offered = {tool["name"] for tool in tools if "name" in tool} - {
        "tool_search_tool_bm25",
        "tool_search_tool_regex",
    }
    assert offered <= set(other.ids) and max(map(len, offered)) <= 14
    text = " ".join(str(tool.get("description", "")) for tool in tools)
    assert [name for name, short in other.names.items() if name != short and f"{name}`" in text] == []


@for_every("form", lambda: FORMS)
def test_a_search_that_a_provider_lacks_and_an_unknown_tool_are_refused(form: str) -> None:
    make = getattr(payloads, form.split()[0])
    if form not in ("gemini", "bedrock"):
        with pytest.raises(UsageError, match="no search of that name") as caught:
            make("operate", loaded="core", search="vectors")
        assert "own" in str(caught.value.hint)
    for wrong in ("devin_nope", "", 7):
        with pytest.raises(UsageError):
            make("operate", loaded=wrong)


def test_a_model_sees_little_of_all_tools() -> None:
    """Characters here; benchmarks/context.py counts the tokens: fewer than 5,000 for each of these."""
    for form in FORMS.keys() - {"gemini_interactions hosted"}:
        seen = json.dumps(always_seen(made(form)), separators=(",", ":"))
        assert len(seen) < 23_000, form


@for_every("preset", lambda: PRESETS)
def test_a_model_sees_little_of_any_preset_in_geminis_search_too(preset: str) -> None:
    """Of all tools at once it sees more: the names alone would be over the bound."""
    tools = payloads.gemini_interactions(preset=preset, loaded="core", search="hosted")
    assert len(json.dumps(always_seen(tools), separators=(",", ":"))) < 23_000


ASK: dict[str, Any] = {
    "openai_chat": lambda name, given: {
        "id": "1",
        "type": "function",
        "function": {"name": name, "arguments": json.dumps(given)},
    },
    "openai_responses": lambda name, given: {
        "type": "function_call",
        "call_id": "1",
        "name": name,
        "arguments": json.dumps(given),
    },
    "anthropic": lambda name, given: {"type": "tool_use", "id": "1", "name": name, "input": given},
    "gemini": lambda name, given: {"functionCall": {"id": "1", "name": name, "args": given}},
    "gemini_interactions": lambda name, given: {
        "type": "function_call",
        "id": "1",
        "name": name,
        "arguments": given,
    },
    "bedrock": lambda name, given: {"toolUse": {"toolUseId": "1", "name": name, "input": given}},
}


@pytest.mark.parametrize("prefix", ["", "p" * 50])
@for_every("form", lambda: FORMS)
def test_a_toolbox_answers_what_its_payloads_let_a_model_ask(
    form: str, prefix: str, simulator: Simulator
) -> None:
    box = Toolbox(["operate", "devin_get_self"], loaded="core", prefix=prefix, catalog=built_in())
    door = form.split()[0]
    tools = flat(getattr(box, door)(**FORMS[form]))
    short = aliases([*box, *META_SPECS], prefix).names
    name = short["devin_get_self"]
    assert (name in names_of(tools, late=False)) is False and name in box and name in box.names
    assert set(box.names).isdisjoint(short[one] for one in META)
    call = ASK[door](name, {})
    if form in BY_META:
        assert {short[one] for one in META} <= {*names_of(tools, late=False)}
        call = ASK[door](short[CALL_READ.name], {"name": name, "arguments": {}})
    with Client(**simulator.connection(), guards=()) as client:
        said = json.dumps(box.dispatch(client, call))
        assert "service_user_id" in said and "unknown_tool" not in said
        if form != "openai_responses" and form not in ("anthropic", "anthropic regex"):
            searched = json.dumps(box.dispatch(client, ASK[door](short[FIND.name], {"names": [name]})))
            assert name in searched and "unknown_tool" not in searched
        if door == "openai_responses":
            asked = {
                "type": "tool_search_call",
                "execution": "client",
                "call_id": "1",
                "arguments": {"names": [name]},
            }
            [tool] = box.dispatch(client, asked)["tools"]
            assert (tool["name"], tool["defer_loading"]) == (name, True)


def test_a_toolbox_without_deferral_knows_no_meta_tools(simulator: Simulator) -> None:
    box = Toolbox("core", catalog=built_in())
    with Client(**simulator.connection(), guards=()) as client:
        said = box.dispatch(client, ASK["anthropic"](FIND.name, {"query": "x"}))
    assert json.loads(said["content"])["error"]["kind"] == "unknown_tool"
    with pytest.raises(UsageError):
        Toolbox("core", loaded="devin_nope", catalog=built_in())


def test_dispatch_takes_the_choice_of_a_payload(simulator: Simulator) -> None:
    """Without a toolbox both are given the same words."""
    catalog = Catalog({spec.name: spec for spec in every()})
    call = ASK["openai_chat"](CALL_READ.name, {"name": "devin_get_self", "arguments": {}})
    with Client(**simulator.connection(), guards=()) as client:
        said = dispatch(client, call, catalog=catalog, loaded="core")
    assert "service_user_id" in said["content"]


def test_files_hold_the_deferred_form() -> None:
    few = chosen(built_in(), "operate")
    for name, make in payloads.DOORS.items():
        [(file, text)] = deferred_files(name, few, "core", None).items()
        assert (file, json.loads(text)) == (f"{name}.json", make(few, loaded="core"))
        assert json.loads(deferred_files(name, few, "core", "own")[file]) == (
            make(few, loaded="core")
            if name in payloads.ONE_SEARCH
            else make(few, loaded="core", search="own")
        )
        with pytest.raises(UsageError, match="no search of that name"):
            deferred_files(name, few, "core", "vectors")
