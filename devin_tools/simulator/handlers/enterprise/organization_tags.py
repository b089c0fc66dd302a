"""The tags that an organisation allows, and its default one: a new session is held to them."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import organization_tags as api
from ...organization_rules import tag_rules
from ...refusal import Refusal
from ...world import World


def _rules(world: World, call: Any) -> dict[str, Any]:
    world.organizations.find(call.org_id)
    return tag_rules(world, call.org_id)


def _allow(world: World, call: Any, tags: list[str]) -> dict[str, Any]:
    """Allow these tags; a default tag that is not among them any more is none (this world's choice)."""
    rules = _rules(world, call)
    rules["tags"] = list(dict.fromkeys(tags))
    if rules["default_tag"] not in rules["tags"]:
        rules["default_tag"] = None
    return {"tags": rules["tags"]}


def get_allowed_tags(world: World, call: api.GetAllowedTags) -> dict[str, Any]:
    """Return the tags."""
    return {"tags": _rules(world, call)["tags"]}


def append_allowed_tags(world: World, call: api.AppendAllowedTags) -> dict[str, Any]:
    """Add tags, each once."""
    return _allow(world, call, [*_rules(world, call)["tags"], *call.tags])


def replace_allowed_tags(world: World, call: api.ReplaceAllowedTags) -> dict[str, Any]:
    """Replace the tags."""
    return _allow(world, call, call.tags)


def clear_allowed_tags(world: World, call: api.ClearAllowedTags) -> dict[str, Any]:
    """Remove all tags."""
    return _allow(world, call, [])


def remove_allowed_tag(world: World, call: api.RemoveAllowedTag) -> dict[str, Any]:
    """Remove one tag."""
    tags = _rules(world, call)["tags"]
    if call.tag not in tags:
        raise Refusal(404, "Tag not found")
    return _allow(world, call, [tag for tag in tags if tag != call.tag])


def get_default_tag(world: World, call: api.GetDefaultTag) -> dict[str, Any]:
    """Return the default tag."""
    return {"default_tag": _rules(world, call)["default_tag"]}


def set_default_tag(world: World, call: api.SetDefaultTag) -> dict[str, Any]:
    """Set the default tag, which must be an allowed one."""
    rules = _rules(world, call)
    if call.tag not in rules["tags"]:
        raise Refusal(400, "The default tag must be one of the allowed tags")
    rules["default_tag"] = call.tag
    return {"default_tag": call.tag}


def clear_default_tag(world: World, call: api.ClearDefaultTag) -> dict[str, Any]:
    """Clear the default tag."""
    _rules(world, call)["default_tag"] = None
    return {"default_tag": None}
