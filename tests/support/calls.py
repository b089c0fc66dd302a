"""Random valid calls of any tool, made from its annotations, for property tests."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le, MinLen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import BaseModel, SecretStr, StringConstraints

from devin_tools.api.attachments import FileId, FileName
from devin_tools.api.automation_parts import AllowedHost
from devin_tools.api.automations import AutomationId, AutomationName, ChangedLabels, Labels
from devin_tools.api.enterprise.git import TARGETS, GitPermissionToGive, PermissionsToGive
from devin_tools.api.enterprise.ip_access import IpRange
from devin_tools.api.enterprise.organization_tags import TagInPath
from devin_tools.api.repositories import BranchName, RepositoryPath
from devin_tools.api.schedules import ScheduleId
from devin_tools.api.session import PathSessionId
from devin_tools.api.shared.fields import (
    AttachmentUrl,
    GivenOrEmpty,
    GivenText,
    Id,
    Matching,
    Name,
    NewTag,
    OutputSchema,
    SessionId,
    Tag,
    Text,
)
from devin_tools.api.shared.times import Cron, Moment
from devin_tools.locations import Wire
from devin_tools.paging.pages import MaxChars, Offset
from devin_tools.text.listed import MEANT_NOTHING, is_marked_up, is_quoted
from devin_tools.tool import Example, Tool

__all__ = ["calls", "scope"]

scope = {"org_id": "org-sample"}
"""What the client would fill in."""

HEX = st.text("0123456789abcdef", min_size=32, max_size=32)
WORDS = st.text(min_size=1, max_size=20).filter(lambda text: not text.lstrip().startswith(("[", "{")))
"""In a list, a text that is JSON of a list or an object is refused."""


def is_name(text: str) -> bool:
    """Return whether a text can be a name: what else there is stands for nothing, or for another notation."""
    bare = text.strip()
    return not (is_quoted(bare) or is_marked_up(bare) or bare in MEANT_NOTHING or "\0" in text)


NAMES = WORDS.filter(is_name)
JSON_SCHEMAS = st.recursive(
    st.sampled_from([{"type": "string"}, {"type": "integer", "minimum": 0}, {"enum": [1, None, "é"]}, {}]),
    lambda inner: st.builds(
        lambda fields: {"type": "object", "properties": fields, "required": sorted(fields)},
        st.dictionaries(st.text(max_size=8), inner, max_size=3),
    ),
    max_leaves=5,
).filter(lambda schema: "properties" in schema)


def allowed_hosts() -> SearchStrategy[AllowedHost]:
    """Return hosts, each by its name or one of its addresses."""
    named = st.tuples(st.sampled_from(["hostname", "ipv4", "ipv6"]), NAMES)
    return named.map(lambda made: AllowedHost.model_validate({made[0]: made[1]}))


def git_permissions() -> SearchStrategy[GitPermissionToGive]:
    """Return permissions, each with one of the paths that it may have."""
    path = NAMES.filter(lambda text: not text.endswith("/"))
    own = st.fixed_dictionaries({"git_connection_id": HEX}, optional={"read_only": st.booleans()})
    given = st.tuples(own, st.sampled_from(TARGETS), path).map(lambda made: {**made[0], made[1]: made[2]})
    return given.map(GitPermissionToGive.model_validate)


KNOWN: list[tuple[Any, SearchStrategy[Any]]] = [
    (
        session_form,
        st.one_of(HEX, HEX.map("devin-{}".format), HEX.map("https://app.devin.ai/sessions/{}".format)),
    )
    for session_form in (SessionId, PathSessionId)
] + [
    (Id, st.one_of(HEX.map("note-{}".format), st.just("google-oauth2|12+3%2F;é{org_id}"))),
    (AutomationId, HEX.map("automation-{}".format)),
    (AutomationName, NAMES),
    (Labels, st.dictionaries(st.text("ab-", min_size=1, max_size=32), st.text(max_size=20), max_size=4)),
    (
        ChangedLabels,
        st.dictionaries(
            st.text("ab-", min_size=1, max_size=32), st.text(max_size=20) | st.none(), max_size=4
        ),
    ),
    (FileId, HEX),
    (
        FileName,
        st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20).map(
            "a{}".format
        ),
    ),
    (AttachmentUrl, HEX.map("https://app.devin.ai/attachments/{}/a%20b.txt".format)),
    (OutputSchema, JSON_SCHEMAS),
    (MaxChars, st.integers(1000, 100_000)),
    (SecretStr, st.text(min_size=1, max_size=20).map(SecretStr)),
    (Text, WORDS),
    (Tag, WORDS),
    (NewTag, NAMES),
    (Name, NAMES),
    (GivenText, NAMES),
    (GivenOrEmpty, NAMES | st.just("")),
    (str, st.text(max_size=20)),
    (RepositoryPath, st.sampled_from(["acme/shop", "a-b/c.d", "group/sub/repo_1"])),
    (IpRange, st.sampled_from(["203.0.113.7", "198.51.100.0/24", "2001:db8::/32", "10.0.0.0/8"])),
    (TagInPath, NAMES.filter(lambda tag: tag not in ("default", ".", ".."))),
    (list[AllowedHost], st.lists(st.deferred(allowed_hosts), max_size=3)),
    (PermissionsToGive, st.lists(st.deferred(git_permissions), min_size=1, max_size=4)),
    (BranchName, st.sampled_from(["main", "v1/next", "fix#1", "größe"])),
    (ScheduleId, HEX.map("sched-{}".format)),
    (Cron, st.sampled_from(["0 2 * * 1-5", "*/15 * * * *", "30 9 1 JAN,JUL MON"])),
    (Moment, st.datetimes(min_value=datetime(2030, 1, 1)).map(lambda moment: f"{moment.isoformat()}Z")),
    (Offset, st.integers(0, 10_000).map(str)),
    (int, st.integers(1, 200)),
    (float, st.floats(-9, 9, allow_nan=False)),
    (bool, st.booleans()),
]


def without_marks(hint: Any) -> Any:
    """Return an annotation without examples and names on the wire, which say nothing of its values."""
    if get_origin(hint) is not Annotated:
        return hint
    first, *marks = get_args(hint)
    kept = [mark for mark in marks if not isinstance(mark, Example | Wire)]
    return Annotated[(first, *kept)] if kept else first


def values(hint: Any, *, in_query: bool) -> SearchStrategy[Any]:
    """Return values that fit an annotation. A query cannot say that a list is empty."""
    hint = without_marks(hint)
    for known, strategy in KNOWN:
        if hint == known:
            return strategy
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated and args[0] is int:
        most = [
            mark.le for part in args[1:] for mark in getattr(part, "metadata", ()) if isinstance(mark, Le)
        ]
        least = [
            mark.ge for part in args[1:] for mark in getattr(part, "metadata", ()) if isinstance(mark, Ge)
        ]
        return st.integers(max([1, *least]), min([200, *most]))
    if origin is Annotated and get_origin(args[0]) is list:
        marks = [mark for part in args[1:] for mark in getattr(part, "metadata", ())]
        needs_one = any(isinstance(mark, MinLen) for mark in marks)
        return values(args[0], in_query=in_query or needs_one)
    if origin is Annotated:
        return _texts(args[1:]) if args[0] is str else values(args[0], in_query=in_query)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in (Union, UnionType):
        return st.one_of([values(arg, in_query=in_query) for arg in args])
    if origin is list:
        return st.lists(values(args[0], in_query=in_query), min_size=int(in_query), max_size=4)
    if origin is dict:
        return st.dictionaries(*(values(arg, in_query=in_query) for arg in args), max_size=3)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return _models(hint, in_query=in_query)
    assert hint is type(None), f"say in tests/support/calls.py how to make a {hint}"
    return st.none()


def _texts(marks: tuple[Any, ...]) -> SearchStrategy[str]:
    """Return texts that match the pattern of an annotated string, if it has one."""
    patterns = [
        mark.pattern for mark in marks if isinstance(mark, StringConstraints | Matching) and mark.pattern
    ]
    return st.from_regex(patterns[0], fullmatch=True) if patterns else NAMES


def _models(model: type[BaseModel], *, in_query: bool) -> SearchStrategy[Any]:
    hints = get_type_hints(model, include_extras=True)
    made = {name: values(hints[name], in_query=in_query) for name in model.model_fields}
    required = {name: made.pop(name) for name, info in model.model_fields.items() if info.is_required()}
    return st.fixed_dictionaries(required, optional=made).map(model.model_validate)


@cache
def calls(tool: type[Tool[Any]]) -> SearchStrategy[Any]:
    """Return random calls of a tool with a route: any fields set, any left out."""
    assert tool.route is not None
    return _models(tool, in_query=not tool.route.sends_body)
