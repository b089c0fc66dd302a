"""What is listed over MCP, decided once: all that may be called, or few and what finds the others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support.laws import for_every
from support.tools import built_in

from devin_tools import Catalog, Settings, Spec, UsageError
from devin_tools.mcp import LISTINGS, Service
from devin_tools.mcp.instructions import FIRST_LINE, LONGEST, STANDS_ALONE
from devin_tools.mcp.listing import MOST_TOOLS, estimated_tokens, kind_of
from devin_tools.presets import CORE, PRESETS

META = ["devin_find_tools", "devin_call_read", "devin_call_write"]
EVERY = [spec.name for spec in built_in() if not spec.missing_from_models]


def service(catalog: Catalog | None = None, **given: Any) -> Service:
    def connect(settings: Settings) -> Any:
        raise AssertionError("nothing is run")

    of_settings = {name: given.pop(name) for name in ("read_only", "denied_tools") if name in given}
    settings = Settings(api_key="cog_x", org_id="org-1", **of_settings)
    return Service(catalog or built_in(), settings, connect, **given)


def small(number: int, description: str = "Get it.", resource: str = "things") -> Spec:
    """Make a tool whose entry in a list is short."""
    spec = replace(built_in().spec("devin_get_self"), name=f"devin_get_{number}", description=description)
    return replace(spec, resource=resource)


def test_auto_lists_all_while_they_are_few_and_the_list_is_short() -> None:
    few = [small(number) for number in range(MOST_TOOLS)]
    assert kind_of("auto", few) == kind_of("auto", []) == "full"
    assert kind_of("auto", [*few, small(99)]) == "core", "one tool too many"
    long = [small(number, "x" * 400) for number in range(MOST_TOOLS)]
    assert kind_of("auto", long) == "full"
    longer = [small(number, "x" * 1000) for number in range(MOST_TOOLS)]
    assert kind_of("auto", longer) == "core", "a list too long"
    for specs in (few, longer):
        assert (kind_of("full", specs), kind_of("core", specs)) == ("full", "core")


def test_to_ask_for_output_schemas_hides_no_tool() -> None:
    for schemas in (False, True):
        assert service(preset="core", output_schemas=schemas).listing().kind == "full"


def test_presets_are_listed_by_their_sizes() -> None:
    kinds = {name: service(preset=name).listing().kind for name in PRESETS}
    assert kinds == {name: "full" if name == "core" else "core" for name in PRESETS}
    assert service().listing().kind == "core"


def test_core_lists_the_preset_whole_and_then_what_finds_and_calls_the_others() -> None:
    found = service(listing="core")
    tools = json.loads(found.tools_json())["tools"]
    names = [tool["name"] for tool in tools]
    assert names[-3:] == META and set(names[:-3]) == CORE
    assert names[:-3] == [name for name in found.offer if name in CORE], "in the order of all"
    whole = {tool["name"]: tool for tool in json.loads(service(listing="full").tools_json())["tools"]}
    assert list(whole) == list(found.offer) and not whole.keys() & set(META)
    assert all(tool == whole[tool["name"]] for tool in tools[:-3])


@pytest.mark.parametrize("given", [{"read_only": True}, {"preset": "observe"}])
def test_nothing_that_writes_is_listed_where_nothing_writes(given: dict[str, Any]) -> None:
    tools = json.loads(service(listing="core", **given).tools_json())["tools"]
    assert [tool["name"] for tool in tools[-2:]] == META[:2]
    assert all(tool["annotations"]["readOnlyHint"] for tool in tools)


@for_every("listing", lambda: LISTINGS)
def test_a_list_is_the_same_bytes_whenever_and_for_whomever_it_is_made(listing: Any) -> None:
    one = service(listing=listing)
    first = one.tools_json()
    one.listing("full"), one.listing("core")
    assert one.tools_json() == first == service(listing=listing).tools_json()
    assert json.loads(first)["tools"] == one.listing().as_wire
    assert one.listing("auto") is one.listing(one.listing("auto").kind)


def test_a_listing_that_there_is_not_is_told_before_anything_is_served() -> None:
    name: Any = "corr"
    with pytest.raises(UsageError, match="No listing has this name") as caught:
        service(listing=name)
    assert "auto, full, core" in caught.value.hint


AREAS = [small(number, resource=f"area_number_{number}_of_a_plugin_with_a_long_name") for number in range(80)]
OFFERS: dict[str, Callable[[], Service]] = {
    "by default": service,
    "every tool": lambda: service(tools=EVERY),
    "without writing": lambda: service(tools=EVERY, read_only=True),
    "nothing": lambda: service(tools=[]),
    "one": lambda: service(tools="devin_get_self"),
    **{name: (lambda preset=name: service(preset=preset)) for name in PRESETS},
    "a plugin's areas": lambda: service(Catalog({spec.name: spec for spec in (*built_in(), *AREAS)})),
    "long areas": lambda: service(
        Catalog({s.name: s for s in [small(n, resource="a" * 600) for n in (1, 2)]})
    ),
}


@for_every("offer, listing", lambda: [(offer, kind) for offer in OFFERS for kind in ("full", "core")])
def test_instructions_are_short_and_begin_with_what_stands_alone(offer: str, listing: Any) -> None:
    found = OFFERS[offer]()
    text = found.instructions(listing)
    assert len(text) <= LONGEST
    alone = text[:STANDS_ALONE]
    assert "Devin" in alone and "ACUs" in alone
    if listing == "core":
        assert "devin_find_tools" in alone and "devin_call_read" in alone
    else:
        assert not any(name in text for name in META)
    first = text.splitlines()[0]
    assert len(first) <= FIRST_LINE and "Devin" in first and first.endswith("."), "cut by us, in no word"
    assert offer in ("nothing", "long areas") or " Areas: " in first
    for order in ("you must", "always", "never", "important", "please"):
        assert order not in text.lower()
    assert ("devin_call_write" in text) == ("devin_call_write" in found.listing(listing).meta)


def test_instructions_name_every_area_of_ours_with_what_can_be_done_there() -> None:
    text = service().instructions()
    assert "knowledge (create, update, delete)" in text and "fan out" in text
    for found in (service(), service(tools=EVERY)):
        told = found.instructions()
        assert all(
            spec.resource.removeprefix("enterprise_").replace("_", " ") in told
            for spec in found.offer.values()
        )
    assert "secrets" not in service(preset="core").instructions()


def test_areas_in_which_is_only_reading_are_told_with_what_is_read() -> None:
    for given in ({"preset": "audit"}, {"read_only": True}, {"preset": "observe"}):
        text = service(**given).instructions()
        assert "only tools that read" in text and "beside reading" not in text
        assert "metrics (session, " in text and "consumption (" in text
    assert "code scans (findings, metrics)" in service(preset="audit").instructions()
    assert "audit logs (organization)" in service(preset="audit").instructions()
    mixed = service().instructions()
    assert "consumption (daily" in mixed and "knowledge (create, update, delete)" in mixed
    assert "secrets (delete)" in mixed, "what is read takes no room from what is done"


def test_a_limit_is_told_only_where_a_tool_takes_it() -> None:
    assert "max_acu_limit" in service(preset="core").instructions()
    for given in ({"preset": "audit"}, {"read_only": True}, {"tools": []}, {"tools": "devin_get_self"}):
        assert "max_acu_limit" not in service(**given).instructions()


def test_where_nothing_is_offered_no_areas_are_named() -> None:
    find = service(tools=[], listing="core").listing().as_wire[0]
    assert find["description"].endswith(" None are offered here.")


def test_areas_that_have_no_room_are_counted() -> None:
    text = OFFERS["a plugin's areas"]().instructions()
    assert "sessions; " in text and re.search(r"; \d+ more\.$", text.rstrip())


def test_instructions_state_facts_about_this_very_server() -> None:
    text = service(slice_seconds=20).instructions()
    assert "at most 20 seconds" in text and "resume_with" in text and "x-untrusted" in text
    assert "only tools that read" not in text
    narrow = service(read_only=True, tools="devin_get_self").instructions()
    assert "seconds" not in narrow and "only tools that read" in narrow


def test_tokens_are_counted_from_characters() -> None:
    assert (estimated_tokens(""), estimated_tokens("x" * 34), estimated_tokens("x" * 35)) == (0, 10, 11)
