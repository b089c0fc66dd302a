"""Models of the package are built when they are used; those of others are complete when they are made."""

from __future__ import annotations

import json

import pytest
from pydantic import ConfigDict, Field, ValidationError
from pydantic_core import to_jsonable_python

from devin_tools import Output, Session
from devin_tools.api.members import Member


class Part(Output):
    """A model of somebody else."""

    name: str
    """Its name."""

    aliased: int = Field(default=1, alias="other")
    """By another name."""

    described: int = Field(default=1, description="Said by the field.")
    """Said by the string."""


def test_a_model_of_others_is_complete_at_once_and_described_by_pydantic() -> None:
    assert Part.__pydantic_complete__
    assert Part.model_fields["name"].description == "Its name."


def test_a_model_of_others_is_complete_whatever_config_it_sets() -> None:
    class Own(Output):
        model_config = ConfigDict(title="Mine")

        name: str
        """Its name."""

    assert Own.__pydantic_complete__ and Own.model_config["title"] == "Mine"
    assert Own.model_fields["name"].description == "Its name."


def test_a_model_of_others_may_be_local_to_a_function() -> None:
    class Inner(Output):
        size: int
        """How large."""

    class Whole(Output):
        inner: Inner
        """What is inside."""

    properties = Whole.model_json_schema()["properties"]
    assert Whole.model_validate({"inner": {"size": 1}}).inner.size == 1
    assert properties["inner"]["description"] == "What is inside."


def test_a_description_stands_by_every_name_and_an_explicit_one_stays() -> None:
    for by_alias, name in ((True, "other"), (False, "aliased")):
        properties = Part.model_json_schema(by_alias=by_alias)["properties"]
        assert properties[name]["description"] == "By another name."
        assert properties["described"]["description"] == "Said by the field."


def test_a_model_of_the_package_is_built_when_it_is_used() -> None:
    with pytest.raises(ValidationError):
        Member.model_validate({})
    assert Member.__pydantic_complete__


def test_a_part_of_an_output_can_be_serialized_by_itself() -> None:
    session = Session.model_validate(
        {"session_id": "s", "pull_requests": [{"pr_url": "https://github.com/a/b/pull/1"}]}
    )
    (part,) = session.pull_requests
    assert to_jsonable_python(part) == part.model_dump(mode="json") == json.loads(part.model_dump_json())


def test_schemas_of_the_package_describe_their_fields() -> None:
    properties = Session.model_json_schema()["properties"]
    assert properties["url"]["description"] == "Where a person can watch the session."
    assert Session.model_fields["url"].description == "Where a person can watch the session."
