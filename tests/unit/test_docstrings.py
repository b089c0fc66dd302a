"""The strings under fields are found in the source of a module, for each of its classes."""

from __future__ import annotations

import inspect
import pydoc

from devin_tools import CreateSession, GetSession, RunTask, Session, TaskOutput, describe
from devin_tools.docstrings import FIELDS, attribute_docstrings, own_docstring


class Outer:
    name: str
    """Over two
    lines."""

    plain: int
    other: int = 3
    """With a default."""

    class Inner:
        name: str
        """Another one."""


class Derived(Outer):
    name: str
    """Its own."""


def test_each_annotated_name_has_the_string_under_it() -> None:
    assert attribute_docstrings(Outer) == {"name": "Over two\nlines.", "other": "With a default."}
    assert attribute_docstrings(Outer.Inner) == {"name": "Another one."}


def test_a_class_has_the_strings_of_those_it_derives_from() -> None:
    assert attribute_docstrings(Derived) == {"name": "Its own.", "other": "With a default."}


def test_a_class_without_a_source_has_none() -> None:
    made = type("Made", (), {"__module__": "nowhere"})
    assert attribute_docstrings(made) == {} == attribute_docstrings(int)


def test_help_shows_each_field_with_its_type_and_what_it_is_for() -> None:
    shown = pydoc.plain(pydoc.render_doc(CreateSession))
    assert "prompt: str (required)\n |        The task, in plain words." in shown
    assert "session_secrets: list[SessionSecret] | None\n |        Secrets for this session alone." in shown
    assert "maxAcuLimit" not in shown
    assert "maxAcuLimit" in str(CreateSession.model_json_schema(by_alias=True))  # as before


def test_a_signature_has_the_names_and_types_that_type_checkers_accept() -> None:
    assert str(inspect.signature(GetSession)) == (
        "(*, detail: Literal['brief', 'full'] = 'full', session_id: str) -> None"
    )
    assert list(inspect.signature(CreateSession).parameters) == list(CreateSession.model_fields)
    assert str(inspect.signature(Session).parameters["tags"]) == "tags: list[str] = []"


def test_one_that_is_made_otherwise_shows_how() -> None:
    class Look(GetSession):
        """Look at a session."""

        def __init__(self, name: str):
            super().__init__(session_id=name)

    assert list(inspect.signature(Look).parameters) == ["name"]


def test_no_description_holds_the_fields_though_a_docstring_shows_them() -> None:
    """A class that is made with the shown docstring of another one has its own words alone."""
    double = type("GetSession", (GetSession,), {"__module__": "x", "__doc__": GetSession.__doc__})
    assert own_docstring(double) == own_docstring(GetSession)
    assert (double.__doc__ or "").count("Fields:") == 1
    assert describe(GetSession).description.startswith("Read one session")
    assert "Fields:" not in describe(double).description
    assert describe(GetSession).id == describe(GetSession).name == "devin_get_session"
    assert FIELDS not in str(RunTask.model_json_schema()) + str(TaskOutput.model_json_schema())


def test_a_docstring_can_be_set() -> None:
    made = type("Made", (GetSession,), {"__module__": "x", "__doc__": None})
    made.__doc__ = "Say it."
    assert own_docstring(made) == "Say it." and (made.__doc__ or "").startswith(
        "Say it.\n\nFields:\n  detail"
    )
