"""Tags travel in paths whatever they hold, but for the one that is a path of its own."""

from __future__ import annotations

import re

import pytest

from devin_tools.api import AppendAllowedTags, RemoveAllowedTag, SetDefaultTag
from devin_tools.codec import encode
from devin_tools.errors import InvalidArguments


def test_a_tag_in_a_path_is_encoded_in_one_segment() -> None:
    request = encode(RemoveAllowedTag.route, RemoveAllowedTag(org_id="org-1", tag="team / a|b"))
    assert request.path == "/v3/enterprise/organizations/org-1/tags/team%20%2F%20a%7Cb"


@pytest.mark.parametrize("tag", ["..", "../", "../..", "a/../../b", "./a", "..\\a"])
def test_a_tag_that_leads_out_of_its_path_once_it_is_decoded_is_refused(tag: str) -> None:
    with pytest.raises(InvalidArguments, match="tag cannot stand in a URL path"):
        encode(RemoveAllowedTag.route, RemoveAllowedTag(org_id="org-1", tag=tag))


@pytest.mark.parametrize("tag", ["default", "default/", "/default"])
def test_the_tag_whose_path_is_that_of_the_default_one_is_refused(tag: str) -> None:
    with pytest.raises(InvalidArguments) as refused:
        RemoveAllowedTag(org_id="org-1", tag=tag)
    assert "replace the list" in refused.value.details[0]["reason"]
    assert SetDefaultTag(org_id="org-1", tag="default").tag == "default"


@pytest.mark.parametrize(
    "tag", ["d", "defaul", "defaulT", "xefault", "deffult", "defaults", "team:payments", "a\nb"]
)
def test_the_schema_refuses_that_tag_alone(tag: str) -> None:
    pattern = RemoveAllowedTag.model_json_schema()["properties"]["tag"]["pattern"]
    assert re.search(pattern, tag) and not re.search(pattern, "default")


def test_a_list_of_tags_has_no_limit_of_fifty() -> None:
    assert len(AppendAllowedTags(org_id="org-1", tags=[f"tag {n}" for n in range(60)]).tags) == 60
