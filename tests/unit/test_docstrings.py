"""The strings under fields are found in the source of a module, for each of its classes."""

from __future__ import annotations

from devin_tools.docstrings import attribute_docstrings


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
