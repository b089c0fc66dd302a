"""Arguments to request, request back to arguments, response to output. Pure.

`encode` sends what was set and nothing more, because absent, null and empty are three different
things to the API (`knowledge_ids: []` means none, absent means all).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .errors import InvalidArguments, UnexpectedResponse, api_error_for
from .headers import retry_after
from .locations import Place, places, places_by_field
from .reading import read
from .text.encoding import format_location, require_encodable
from .text.suggestions import nearest
from .wire import Request, Response, Route, dump_json

__all__ = ["decode", "encode", "explain", "id_of", "invalid", "reasons", "recognise", "words_of"]

M = TypeVar("M", bound=BaseModel)

MAX_SERVER_TEXT = 500


@cache
def id_of(model: type[BaseModel]) -> str:
    """Make a tool's id from its class name: CreateSession is devin_create_session."""
    return "devin_" + "_".join(word.lower() for word in words_of(model))


def words_of(model: type[BaseModel]) -> list[str]:
    """Split a class name into its words."""
    return re.findall(r"[A-Z][a-z0-9]*", model.__name__)


def encode(route: Route, call: BaseModel) -> Request:
    """Turn a validated call into the request that performs it."""
    values = call.model_dump(exclude_unset=True)
    require_encodable(values)  # of a copy, what was changed since it was checked
    path, query, body, file = route.template, [], {}, None
    by_field = places_by_field(type(call), route)
    for field, value in values.items():
        place = by_field.get(field)
        if place is None:  # computed
            continue
        if place.where == "path":
            path = path.replace("{" + field + "}", _in_path(place, value, route.method))
        elif place.where == "query":
            query += [(place.wire, text) for text in _texts(value)]
        elif place.where == "body":
            body[place.wire] = value
        elif place.where == "file":
            file = str(value)
    has_body = route.sends_body and any(place.where == "body" for place in by_field.values())
    tool = id_of(type(call))
    return Request(route.method, path, tuple(query), body if has_body else None, file, tool=tool)


def _in_path(place: Place, value: Any, method: str) -> str:
    """Encode a value for its place in a path; refuse what could lead out of it.

    Hosts before the API may decode `%2F` and resolve what they find: a tag `../` would then delete more than
    a tag. So in a request that changes something no part between slashes may be relative, be they encoded or
    not. Reads reach what others named: attachments may be called anything.
    """
    segments = str(value).split("/") if place.keeps_slashes else [str(value)]
    parts = segments if method == "GET" else re.split(r"[/\\]", str(value))
    if "" in segments or not {".", ".."}.isdisjoint(parts):
        raise InvalidArguments(
            f"{place.field} cannot stand in a URL path.",
            details=[{"path": place.field, "reason": "is empty or a relative path"}],
        )
    return "/".join(quote(segment, safe="") for segment in segments)


def _texts(value: Any) -> Iterable[str]:
    if value is None:
        return
    for item in value if isinstance(value, list) else [value]:
        yield ("true" if item else "false") if isinstance(item, bool) else str(item)


def recognise(route: Route, model: type[M], request: Request) -> M | None:
    """Read a request back into the call that made it; `None` when the route is another.

    Raises `InvalidArguments` for anything `encode` would not have sent in the path or body, and for a query
    with other text in place of a whole number: the leniency this package grants to people (comma text, bare
    ids, camelCase, dates) is not the API's.
    Unknown keys are ignored, as the API ignores them.
    """
    match = route.pattern.fullmatch(request.path)
    if match is None or request.method != route.method:
        return None
    sent = json.loads(dump_json(request.body or {}))
    values = dict(_read(places(model, route), match, request, sent))
    try:
        call = model.model_validate(values)
    except InvalidArguments as error:
        raise InvalidArguments("The request is not valid.", details=error.details) from None
    _check_as_sent(route, call, request, sent)
    return call


WHOLE = re.compile(r"\s*[+-]?\d+(\.0*)?\s*")


def _check_as_sent(route: Route, call: BaseModel, request: Request, sent: Mapping[str, Any]) -> None:
    """Refuse a path or body that `encode` would have written in another way, and dates as text in a query."""
    canonical = encode(route, call)
    numbers = {place.wire for place in places(type(call), route) if _is_number_in_query(place, call)}
    for name, text in request.query:
        if name in numbers and not WHOLE.fullmatch(text):
            raise InvalidArguments("The query is not valid.", details=[_detail(name)])
    path, match = route.pattern.fullmatch(canonical.path), route.pattern.fullmatch(request.path)
    body = json.loads(dump_json(canonical.body))
    for place in places(type(call), route):
        if (
            place.where == "path"
            and path
            and match
            and unquote(path[place.field]) != unquote(match[place.field])
        ):
            raise InvalidArguments("The path is not valid.", details=[_detail(place.field)])
        if place.where == "body" and place.wire in sent and not _same(body[place.wire], sent[place.wire]):
            raise InvalidArguments("The request is not valid.", details=[_detail(place.wire)])


def _is_number_in_query(place: Place, call: BaseModel) -> bool:
    value = getattr(call, place.field) if place.where == "query" else None
    return isinstance(value, int) and not isinstance(value, bool)


def _read(
    wanted: Iterable[Place], match: re.Match[str], request: Request, sent: Mapping[str, Any]
) -> Iterable[tuple[str, Any]]:
    """Return the fields that a request holds, each as text or JSON."""
    for place in wanted:
        if place.where == "path":
            yield place.field, unquote(match[place.field])
        elif place.where == "query":
            texts = [text for name, text in request.query if name == place.wire]
            if texts:
                yield place.field, texts if place.is_list else texts[-1]
        elif place.where == "body" and place.wire in sent:
            yield place.field, sent[place.wire]
        elif place.where == "file" and request.file is not None:
            yield place.field, request.file


def _detail(path: str) -> dict[str, str]:
    return {"path": path, "reason": "is not in the API's own form"}


def _same(left: Any, right: Any) -> bool:
    return json.dumps(_whole(left), sort_keys=True) == json.dumps(_whole(right), sort_keys=True)


def _whole(value: Any) -> Any:
    """Write 5.0 as 5: to JSON Schema both are the same integer."""
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def decode(model: type[M], response: Response, known: Mapping[str, Any]) -> M:
    """Turn a response into its output, or raise the error it stands for.

    An empty body counts as success, as live clients met some, and so does `null`, which servers write for
    nothing; `known` is then what the call's own path says (which session it was about). Raises `ApiError`
    or `UnexpectedResponse`.
    """
    if not 200 <= response.status < 300:
        raise _refusal(response)
    try:
        if response.body.strip() not in (b"", b"null"):
            return read(model, response.body)
        return model.model_validate({k: v for k, v in known.items() if k in model.model_fields})
    except ValidationError as error:
        details = reasons(error)[:10]
    # Raised out here, so that the error keeps no hold of the rejected answer.
    first = "{path}: {reason}".format(**details[0])
    unexpected = UnexpectedResponse(
        f"The API answered {response.status}, but not with the documented shape ({first}).", details=details
    )
    unexpected.status = response.status
    raise unexpected


def _refusal(response: Response) -> Exception:
    if response.status < 400:
        return UnexpectedResponse(f"The API answered {response.status}, which nothing here expects.")
    (text, details), code = explain(response), _error_code(response)
    error = api_error_for(response.status)(
        f"The API refused with {response.status}: {text.removesuffix('.')}.",
        status=response.status,
        details=details,
        request_id=response.headers.get("x-request-id"),
    )
    error.error_code = code
    error.tries, error.gave_up = response.tries, response.gave_up
    error.retry_after = retry_after(response.headers)
    return error


def explain(response: Response) -> tuple[str, list[dict[str, Any]]]:
    """Find the text and the field errors in an error body, in any shape the API is known to use.

    RFC 9457 problem objects are current; FastAPI's `{"detail": ...}` is older and still met.
    A rejected `input` is never repeated: it can hold a prompt or a secret.
    """
    try:
        body = response.json()
    except ValueError:
        return "the answer is not JSON (a proxy may have sent it)", []
    if not isinstance(body, Mapping):
        return "no explanation", []
    listed = body.get("errors") or body.get("detail")
    details = (
        [_field_error(item) for item in listed if isinstance(item, Mapping)]
        if isinstance(listed, list)
        else []
    )
    joined = "; ".join(f"{d['path']}: {d['reason']}" for d in details)
    candidates = (body.get("detail"), joined, body.get("title"), body.get("message"), body.get("error"))
    text = next((c for c in candidates if isinstance(c, str) and c), "no explanation")
    text = f"{text.rstrip('.')} ({joined})" if joined and joined not in text else text
    return _capped(text), details[:20]


def _error_code(response: Response) -> str | None:
    """Return the API's own word for a refusal, such as `user_frozen`, where its answer has one."""
    try:
        body = response.json()
    except ValueError:
        return None
    code = body.get("error_code") if isinstance(body, Mapping) else None
    return _capped(code) if isinstance(code, str) and code else None


def _field_error(item: Mapping[str, Any]) -> dict[str, Any]:
    place = item.get("loc") or item.get("pointer") or item.get("field") or "body"
    parts = place if isinstance(place, list) else [place]
    reason = item.get("msg") or item.get("detail") or item.get("message") or "is not valid"
    return {"path": _capped(".".join(str(part) for part in parts)), "reason": _capped(str(reason))}


def _capped(text: str) -> str:
    return text if len(text) <= MAX_SERVER_TEXT else text[:MAX_SERVER_TEXT] + "…"


def reasons(
    error: ValidationError, known: Iterable[str] = (), also: Collection[str] = ()
) -> list[dict[str, Any]]:
    """List each place and reason of a validation error, without the rejected values.

    `known` are the names of the fields: an unknown one is told with those that may be meant. `also`
    are all names that they go by: one of these is too many only where it is the second of its field.
    """
    return [
        dict(zip(("path", "reason"), _reason(item, known, also), strict=True))
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]


NAMED_FIRST = re.compile(r"([a-z][a-z0-9_]*(?:\[\d+\])*): (.+)", re.DOTALL)
"""How a validator of a whole model says which of its fields is wrong."""


def _reason(item: ErrorDetails, known: Iterable[str], also: Collection[str]) -> tuple[str, str]:
    path, reason = format_location(item["loc"]), item["msg"].removeprefix("Value error, ")
    if item["type"] == "extra_forbidden" and len(item["loc"]) == 1:
        name = str(item["loc"][0])
        near = nearest(name, known)
        reason = f"is not a field (did you mean {' or '.join(near)}?)" if near else "is not a field"
        reason = "is given twice, by two of its names" if name in also else reason
    elif not path and item["type"] == "value_error" and (named := NAMED_FIRST.fullmatch(reason)):
        path, reason = named.groups()
    return path or "arguments", _capped(reason)


def invalid(
    name: str, error: ValidationError, known: Iterable[str] = (), also: Collection[str] = ()
) -> InvalidArguments:
    """Turn a validation error into one that is safe to show; `known` and `also` as of `reasons`."""
    details = reasons(error, known, also)
    listed = "; ".join(f"{item['path']}: {item['reason']}" for item in details[:5])
    return InvalidArguments(f"The arguments do not fit {name}: {listed}.", details=details)
