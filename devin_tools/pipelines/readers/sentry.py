"""Sentry's integration webhooks: issue alerts, metric alerts, issues and errors; and those of its old plugin.

https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..alert import Alert, digest
from ..payload import Body, as_text, build_alert, has, joined, reader

BY_KEY = {"metric_alert": "metric_alert", "event": "event_alert", "error": "error", "issue": "issue"}
"""Which resource the data of a body is of, where no header says it."""

FIRES = {"created", "unresolved", "triggered"}

MAX_FRAMES = 60

ISSUE = re.compile(r"/issues/(\d+)/")

EVENT_KNOWN = (
    "user request contexts breadcrumbs modules sdk exception stacktrace threads debug_meta metadata tags "
    "grouping_config span_grouping_config hashes fingerprint event_id id key_id project received version "
    "type logentry title location culprit datetime timestamp environment release platform message dist "
    "errors ingest_path nodestore_insert symbolicated_in_app _meta _metrics _ref _ref_version "
    "url web_url issue_url issue_id"
)
"""What is read, or is of a person or of the machinery; what the program itself added is in `extra`."""

OCCURRENCE_KNOWN = (
    "id eventId projectId fingerprint issueTitle resourceId type detectionTime assignee culprit"
)
"""What an occurrence says again, or only to Sentry itself: it stands in events that a monitor reports."""

ISSUE_KNOWN = (
    "annotations assignedTo hasSeen isBookmarked isPublic isSubscribed isUnhandled numComments project "
    "shareId subscriptionDetails type metadata status seenBy pluginActions pluginContexts pluginIssues "
    "participants stats tags activity"
)


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    is_hook = "sentry-hook-resource" in headers or has(body, "action", "data", "installation", "actor")
    return is_hook or _is_plugin(body)


def _is_plugin(body: Any) -> bool:
    """Return whether a body is of the old plugin, or of a service hook, which says the same."""
    is_its = has(body, "project_slug") or has(body, "triggering_rules") or has(body, "culprit", "url")
    return has(body, "project", "event") and (is_its or has(body, "group"))


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    """Read the alert; comments, installations and what people do with an issue are nothing to act on."""
    if _is_plugin(given.value):
        return [_event(given.object("event", required=True), given)]
    data, action = given.object("data", required=True), given.text("action")
    by_key = next((resource for key, resource in BY_KEY.items() if key in data), "")
    resource = headers.get("sentry-hook-resource", by_key)
    if resource not in BY_KEY.values():
        resource = by_key
    if resource == "metric_alert":
        return [_metric(data, action)]
    if resource == "event_alert":
        return [_event(data.object("event", required=True), data)]
    if resource == "error":
        return [_event(data.object("error", required=True), data)]
    if resource == "issue" and action in {*FIRES, "resolved"}:
        return [_issue(data.object("issue", required=True), data, action)]
    return []


def _event(event: Body, data: Body) -> Alert:
    """Read an event of an integration, or one that the plugin sent, which says of it what is beside it."""
    rule = data.get("triggered_rule") or data.long_text("triggering_rules")
    file, line = _place(event)
    tags, title = _tags(event), event.first_text("title") or data.first_text("message", "title")
    event.known(*EVENT_KNOWN.split())
    event.object("occurrence").known(*OCCURRENCE_KNOWN.split())
    for shown in event.object("occurrence").objects("evidenceDisplay"):
        shown.known("important")
    data.known(
        "event", "error", "id", "group", "project", "project_name", "project_slug", "issue_alert", "message"
    )
    return build_alert(
        event,
        data,
        name=title or _unnamed(event) or event.text("title"),
        severity=[event.raw("level"), data.raw("level"), tags.get("level")],
        description=joined(*_described(event), data.get("message"), f"Rule: {rule}" if rule else ""),
        resource=_project(event) or _project(data) or event.get("culprit") or data.get("culprit"),
        signal="error",
        fired_time=event.time("datetime", "timestamp"),
        source="sentry",
        logs="\n".join(_trace(event)),
        file=file,
        line=line,
        link=event.get("web_url") or data.get("url") or data.object("group").get("url"),
        dimensions=tags | _known(data, "culprit", "logger"),
        fingerprint=_issue_id(event, data) or _grouped(event, title),
    )


def _unnamed(event: Body) -> str:
    """Return a name for an event without a title, by what it says of itself."""
    about, entry = event.object("metadata"), event.object("logentry")
    said = [
        event.object("occurrence").get("issueTitle"),
        about.get("title"),
        ": ".join(filter(None, (about.get("type"), about.get("value")))),
    ]
    said += [entry.get("formatted", "message"), event.long_text("message"), event.get("culprit")]
    return next((text.strip().partition("\n")[0] for text in said if text.strip()), "")


def _issue_id(event: Body, data: Body) -> str:
    """Return the id of the issue that an event belongs to, which its resolution names too."""
    if found := event.first_text("issue_id", "groupID", "group_id"):
        return found
    links = (event.get("issue_url"), event.get("web_url"), data.get("url"), data.object("group").get("url"))
    in_link = next(filter(None, map(ISSUE.search, links)), None)
    return in_link[1] if in_link else data.get("id") or data.object("group").get("id")


def _grouped(event: Body, title: str) -> str:
    hashes = as_text(event.list("hashes"))
    return hashes or digest("sentry", _project(event), title, event.get("culprit"))


def _issue(issue: Body, data: Body, action: str) -> Alert:
    about = issue.object("metadata")
    # an alert on what happens to issues says `triggered`, whatever happened
    is_over = "resolved" in (action, issue.get("status"))
    issue.known(*ISSUE_KNOWN.split())
    data.known("issue")
    return build_alert(
        issue,
        data,
        name=issue.name("title", is_over=is_over),
        severity=[issue.raw("level")],
        description=about.get("value"),
        resource=_project(issue),
        signal="error",
        fired_time=issue.time("firstSeen"),
        source="sentry",
        file=about.get("filename"),
        link=issue.get("web_url", "webUrl", "permalink"),
        dimensions=_known(issue, "shortId", "culprit", "platform", "substatus", "count", "userCount"),
        fingerprint=issue.text("id"),
        is_resolved=is_over,
    )


def _metric(data: Body, action: str) -> Alert:
    alert = data.object("metric_alert", required=True)
    rule = alert.object("alert_rule")
    title = data.get("description_title")
    alert.known(
        "id", "identifier", "organization_id", "status", "status_method", "type", "title", "date_created"
    )
    alert.known("date_detected", "date_closed", "projects", "alert_rule")
    return build_alert(
        data,
        name=rule.get("name") or title or alert.name("title", is_over=action == "resolved"),
        severity=[action],
        description=joined(title, data.get("description_text")),
        resource=", ".join(as_text(project) for project in alert.list("projects")),
        signal="metric",
        fired_time=alert.time("date_started", "date_created"),
        source="sentry",
        link=data.get("web_url"),
        dimensions=_known(rule, "aggregate", "query", "environment", "time_window"),
        # the rule: each time that it fires Sentry counts another incident
        fingerprint=f"metric-alert-{rule.get('id') or alert.text('id')}",
        is_resolved=action == "resolved",
    )


def _project(given: Body) -> str:
    value = given.value.get("project")
    if isinstance(value, dict):
        return given.object("project").get("slug", "name")
    if isinstance(value, str) and not value.isdigit():
        return value
    in_url = re.search(r"/projects/[^/]+/([^/]+)/", given.get("url"))
    return in_url[1] if in_url else ""


def _known(given: Body, *names: str) -> dict[str, str]:
    return {name: given.long_text(name) for name in names}


def _described(event: Body) -> Iterator[str]:
    """Yield what was raised and where, or what a monitor found."""
    about, occurrence = event.object("metadata"), event.object("occurrence")
    yield ": ".join(filter(None, (about.get("type"), about.get("value"))))
    yield event.long_text("message")
    yield occurrence.get("subtitle")
    for shown in occurrence.objects("evidenceDisplay"):
        yield ": ".join(filter(None, (shown.get("name"), shown.long_text("value"))))
    if culprit := event.get("culprit"):
        yield f"In {culprit}"


def _exceptions(event: Body) -> Iterator[tuple[Body, list[Body]]]:
    """Yield each exception with its frames, the latest last: the place where it was raised."""
    for exception in event.object("exception").objects("values"):
        yield exception, list(exception.object("stacktrace").objects("frames"))[-MAX_FRAMES:]
    if "stacktrace" in event:
        yield event, list(event.object("stacktrace").objects("frames"))[-MAX_FRAMES:]


def _trace(event: Body) -> Iterator[str]:
    """Yield the lines of the stack traces, the latest call last."""
    for exception, frames in _exceptions(event):
        for frame in frames:
            file = frame.get("filename", "module") or "?"
            yield f"{file}:{frame.number('lineno') or '?'} in {frame.get('function') or '?'}"
            if code := frame.get("context_line").strip():
                yield f"    {code}"
        if exception is not event:
            yield ": ".join(filter(None, (exception.get("type"), exception.get("value"))))


def _place(event: Body) -> tuple[str, int | None]:
    """Find the file and line of the latest call in the project's own code, or of the latest at all."""
    frames = [frame for _, frames in _exceptions(event) for frame in frames]
    own = [frame for frame in frames if frame.value.get("in_app") is True]
    for frame in reversed(own or frames):
        if file := frame.get("filename").strip():
            line = frame.number("lineno")
            return file, line if line and line > 0 else None
    return event.object("metadata").get("filename"), None


def _tags(event: Body) -> dict[str, str]:
    """Take the tags, which come as pairs, or as objects with key and value; those of users stay here."""
    found: dict[str, str] = {}
    for tag in event.list("tags"):
        pair = [tag.get("key"), tag.get("value")] if isinstance(tag, dict) else tag
        if isinstance(pair, list) and len(pair) == 2:
            found[as_text(pair[0])] = as_text(pair[1])
    for name in ("environment", "release", "platform"):
        found[name] = event.get(name) or found.get(name, "")
    return {name: text for name, text in found.items() if name and not name.startswith("user")}


READER = reader(
    "sentry",
    "a Sentry webhook",
    "Sentry's webhooks, known by `Sentry-Hook-Resource`, or by `data` and `installation`; those of its old "
    "plugin, by `project_slug` and `event`.",
    _reads,
    _read,
)
