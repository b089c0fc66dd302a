"""`describe(tool)`: the facts every consumer reads, and the rules a declaration must keep."""

from __future__ import annotations

import json
import keyword
from typing import Annotated, Any

import pytest
from pydantic import Field

from devin_tools import Spec, describe
from devin_tools.api import (
    SESSION,
    CreateSession,
    GetSelf,
    GetSession,
    ListSessions,
    OnSession,
    SendMessage,
)
from devin_tools.declarations import RESERVED_NAMES
from devin_tools.errors import BadDeclaration
from devin_tools.locations import Prefixed, Wire
from devin_tools.paging.brief import Detailed
from devin_tools.tool import READ, USER_ONLY, Example, Input, Output, Tool
from devin_tools.wire import GET, POST


class Pong(Output):
    """An answer."""


def test_a_spec_says_everything_there_is_to_say() -> None:
    spec = describe(SendMessage)
    assert (spec.name, spec.title, spec.resource) == ("devin_send_message", "Send message", "messages")
    assert spec.summary == "Send a message to a session."
    assert spec.description.startswith("Send a message to a session. A suspended session is resumed by it,")
    assert (spec.effect, spec.route) == (SendMessage.effect, SendMessage.route)
    assert (spec.permission, spec.version, spec.beta) == ("ManageOrgSessions", "1.0.0", False)
    assert spec.user_only == {"message_as_user_id"}
    assert (spec.tool, spec.output.__name__, spec.paging) == (SendMessage, "SentMessage", None)
    assert spec.examples == SendMessage.examples


def test_a_tool_is_described_once() -> None:
    assert describe(GetSession) is describe(GetSession)


def test_a_spec_is_frozen_and_its_repr_is_short() -> None:
    spec = describe(CreateSession)
    with pytest.raises(AttributeError):
        spec.name = "other"  # type: ignore[misc]
    assert len(repr(spec)) < 1100


def test_schemas_carry_no_titles_and_no_defaults_of_null() -> None:
    def titles(node: Any) -> list[Any]:
        if isinstance(node, list):
            return [found for item in node for found in titles(item)]
        if not isinstance(node, dict):
            return []
        here = [node["title"]] if isinstance(node.get("title"), str) else []
        return here + [found for item in node.values() for found in titles(item)]

    for spec in map(describe, (CreateSession, ListSessions, SendMessage)):
        for schema in (spec.input_schema, spec.output_schema):
            assert titles(schema) == []
            assert '"default": null' not in json.dumps(schema)


def test_a_field_called_title_survives() -> None:
    assert describe(CreateSession).input_schema["properties"]["title"]["description"].startswith("A title;")


def test_defaults_that_mean_something_stay() -> None:
    assert describe(ListSessions).input_schema["properties"]["limit"]["default"] == 100
    assert describe(CreateSession).input_schema["properties"]["resumable"]["default"] is True


def test_input_is_closed_and_output_is_open() -> None:
    assert describe(GetSession).input_schema["additionalProperties"] is False
    assert describe(GetSession).output_schema["additionalProperties"] is True


def test_only_the_id_of_a_session_is_required() -> None:
    assert describe(GetSession).output_schema["required"] == ["session_id"]
    assert "required" not in describe(GetSelf).output_schema


def test_text_that_anyone_may_write_is_marked_in_the_output() -> None:
    marked = {
        name
        for name, field in describe(GetSession).output_schema["properties"].items()
        if "x-untrusted" in json.dumps(field)
    }
    assert marked == {"title", "tags", "structured_output"}
    url = describe(GetSession).output_schema["properties"]["url"]
    assert url["description"] == "Where a person can watch the session."


def test_an_inherited_docstring_does_not_count() -> None:
    class Again(GetSession):
        route = GET("/again/{session_id}")

    assert problem(Again).startswith("The docstring of Again must open with one line")


def test_the_output_of_a_tool_that_can_be_brief_says_what_is_left_out() -> None:
    class Ping(Detailed, Tool[Pong]):
        """Say hello."""

        route = GET("/ping")

    assert problem(Ping) == "Ping takes `detail`, so its output must derive from Abridged."


def problem(tool: type[Tool[Any]]) -> str:
    with pytest.raises(BadDeclaration) as caught:
        describe(tool)
    return str(caught.value)


def test_a_docstring_must_open_with_one_short_sentence() -> None:
    class NoDocstring(Tool[Pong]):
        route = GET("/x")

    class NoStop(Tool[Pong]):
        """Read the thing"""

        route = GET("/x")

    class TooLong(Tool[Pong]):
        """Read the thing and then say so much about it that no table could ever hold the line."""

        route = GET("/x")

    for tool in (NoDocstring, NoStop, TooLong):
        assert problem(tool) == (
            f"The docstring of {tool.__name__} must open with one line, "
            "under 80 characters, that ends in a full stop."
        )


def test_a_field_without_a_description_is_named() -> None:
    class SilentField(Tool[Pong]):
        """Read the thing."""

        route = GET("/x")
        where: str

    assert problem(SilentField) == "SilentField.where has no description: write a string under the field."


def test_a_field_of_a_mixin_without_a_description_is_named() -> None:
    class SilentMixin(Input):
        where: str

    class ReadThing(SilentMixin, Tool[Pong]):
        """Read the thing."""

        route = GET("/x")

    assert problem(ReadThing).startswith("ReadThing.where has no description")


@pytest.mark.parametrize("name", [*sorted(RESERVED_NAMES - {"self"}), "class", "from"])
def test_a_field_name_that_frameworks_swallow_is_refused(name: str) -> None:
    namespace = {
        "__doc__": "Read the thing.",
        "__module__": __name__,
        "__annotations__": {name: str},
        "route": GET("/x"),
    }
    try:
        tool: Any = type("ReadThing", (Tool[Pong],), namespace)
    except ValueError as refused:  # pydantic before 2.8 takes no keyword as the name of a field
        assert keyword.iskeyword(name) and name in str(refused)
        return
    tool.model_fields[name].description = "Said."
    assert problem(tool) == f"ReadThing.{name}: agent frameworks swallow this name; choose another."


def test_a_placeholder_must_be_a_field_or_a_scope_name() -> None:
    class ReadThing(Tool[Pong]):
        """Read the thing."""

        route = GET("/organizations/{org_id}/things/{thing_id}")

    assert problem(ReadThing) == (
        "ReadThing: the path names {thing_id}, which is neither a field nor a scope name."
    )


def test_an_output_and_an_effect_must_be_said() -> None:
    class NoOutput(Tool):  # type: ignore[type-arg]
        """Read the thing."""

        route = GET("/x")

    class NoEffect(Tool[Pong]):
        """Read the thing."""

        def flow(self) -> Any:
            yield from ()

    assert problem(NoOutput) == "NoOutput does not say its output: derive from Tool[SomeOutput]."
    assert problem(NoEffect) == "NoEffect has no route, so it must say its effect."


@pytest.mark.parametrize("name", ["readThing", "read_thing", "Read_Thing", "_ReadThing", "R" + "e" * 70])
def test_a_class_name_must_make_a_legal_tool_id(name: str) -> None:
    tool = type(name, (Tool[Pong],), {"__doc__": "Read it.", "__module__": __name__, "route": GET("/x")})
    assert problem(tool).startswith(f"{name} must be named in capitalised words, such as GetThing,")


def test_a_tool_that_takes_a_cursor_must_answer_pages() -> None:
    class ListThings(Tool[Pong]):
        """List the things."""

        route = GET("/x")

        after: str | None = None
        """Cursor."""

    assert problem(ListThings) == "ListThings takes `after`, so its output must be a Page."


def test_a_declaration_that_keeps_the_rules_is_described() -> None:
    class PokeThing(Tool[Pong]):
        """Poke the thing."""

        route = POST("/things/{thing_id}")
        effect = READ

        thing_id: str
        """Which thing."""

        how: str = USER_ONLY.name
        """How to poke it."""

    spec = describe(PokeThing)
    assert isinstance(spec, Spec)
    assert (spec.name, spec.effect, spec.examples) == ("devin_poke_thing", READ, ())
    assert [place.where for place in spec.places] == ["path", "body"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"__module__": "evil\n--index-url http://evil"}, "must be names"),
        ({"resource": "../../up"}, "must be names"),
        ({"route": GET("/v3/{{ $env.KEY }}")}, "a path of plain segments"),
        ({"route": GET('/v3/x"><script>')}, "a path of plain segments"),
        ({"route": GET("v3/x")}, "a path of plain segments"),
        ({"__annotations__": {"größe": Annotated[str, Field(description="X.")]}}, "ASCII identifier"),
        (
            {"__annotations__": {"x": Annotated[str, Field(description="X."), Wire("={{ 1 }}")]}},
            "plain names",
        ),
        (
            {"__annotations__": {"x": Annotated[str, Field(description="X."), Prefixed("'+1+'")]}},
            "plain names",
        ),
    ],
)
def test_what_becomes_code_urls_or_paths_must_be_names(change: dict[str, Any], complaint: str) -> None:
    body = {"__doc__": "Ping it.", "__module__": __name__, "route": GET("/v3/ping")}
    with pytest.raises(BadDeclaration, match=complaint):
        describe(type("Ping", (Tool[Pong],), body | change))


def test_an_example_follows_from_those_of_the_required_fields() -> None:
    class Named(Input):
        name: str
        """A name without an example."""

    class Ping(OnSession, Tool[Pong]):
        """Ping a session."""

        route = POST(SESSION + "/ping")

    class PingNamed(Named, Ping):
        """Ping a session by a name."""

        route = POST(SESSION + "/ping/{name}")

    assert describe(Ping).examples == ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},)
    assert describe(PingNamed).examples == ()


def test_a_path_of_a_beta_says_so() -> None:
    class Ping(Tool[Pong]):
        """Ping."""

        route = GET("/v3beta1/ping")

    assert describe(Ping).beta


def test_a_mark_gives_an_example_and_a_route_its_permission_without_a_trace_in_the_schema() -> None:
    class PingThing(Tool[Pong]):
        """Ping a thing."""

        route = GET("/v3/things/{thing_id}", permission="PingThings")

        thing_id: Annotated[str, Example("thing-1")]
        """Which thing."""

    spec = describe(PingThing)
    assert (spec.examples, spec.permission) == (({"thing_id": "thing-1"},), "PingThings")
    assert "thing-1" not in json.dumps(spec.input_schema)
