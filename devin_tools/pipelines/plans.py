"""Decide what is to be done about an alert, by the rules, and why. Pure: nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..api.create_session import CreateSession
from .alert import Alert, digest
from .prompts import render_prompt
from .rule_models import Rule, Rules
from .secrets import without_secrets

Action = Literal["start", "message", "archive", "nothing"]

ALERT_TAG, RULE_TAG = "alert:", "rule:"
"""Prefixes of the tags by which an alert's sessions, and a rule's, are found."""

MAX_TITLE = 120


@dataclass(frozen=True, slots=True)
class SkippedRule:
    """A rule that does not match the alert, and why."""

    rule: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done about one alert."""

    action: Action
    """Start a session (or go on with the one that is there); send its session a message, or archive
    it; or nothing."""

    reason: str
    """Why it is that, in words."""

    alert: Alert
    """The alert, without what looked like secrets."""

    rule: Rule | None = None
    """The rule that counts; `None` when none matches."""

    call: CreateSession | None = None
    """What starts the session. Its key is the same for the same alert within the same window."""

    message: str | None = None
    """What to send to the session of an alert that is resolved."""

    skipped_rules: tuple[SkippedRule, ...] = ()
    """The rules before it, and why each is not for the alert."""

    notes: tuple[str, ...] = ()
    """What was taken out of the alert."""

    @property
    def alert_tag(self) -> str:
        """The tag of every session that this alert started, in whichever window."""
        return alert_tag(self.alert)

    @property
    def rule_tag(self) -> str | None:
        """The tag of every session that the rule started."""
        return None if self.rule is None else rule_tag(self.rule.name)

    @property
    def sinks(self) -> tuple[str, ...]:
        """The names of the sinks that get what becomes of the session."""
        return () if self.rule is None else tuple(self.rule.tell)


def alert_tag(alert: Alert) -> str:
    """Return the tag of an alert, the same whenever it fires."""
    return ALERT_TAG + digest(alert.source, alert.fingerprint)[:24]


def rule_tag(name: str) -> str:
    """Return the tag of a rule."""
    return RULE_TAG + name


def rule_in(tags: Iterable[str]) -> str | None:
    """Return the name of the rule that started a session, from the session's tags."""
    return next((tag.removeprefix(RULE_TAG) for tag in tags if tag.startswith(RULE_TAG)), None)


def plan(alert: Alert, rules: Rules, *, now: float, started_by: str | None = None) -> Plan:
    """Return what to do about an alert at a time (seconds since 1970): the first rule that matches counts.

    Where the alert has a session already, `started_by` names the rule that started it, which then counts:
    an alert that is resolved seldom says again how bad it was, so another rule could match it.

    Raises `Refused` when the alert looks like it holds secrets and the rule says to refuse those, and
    `BadRules` when the template fails on this alert.
    """
    rule = next((rule for rule in rules.rules if rule.name == started_by), None)
    skipped: list[SkippedRule] = []
    for asked in rules.rules if rule is None else ():
        if not (mismatches := asked.match.mismatch_reasons(alert)):
            rule = asked
            break
        skipped.append(SkippedRule(asked.name, tuple(mismatches)))
    clean, notes = without_secrets(alert, rule.secrets if rule else "redact")
    action, reason = _action(rule, alert)
    return Plan(
        action=action,
        reason=reason,
        alert=clean,
        rule=rule,
        call=_call(rule, rules, clean, now) if rule and action == "start" else None,
        message=render_prompt(rules.template("resolved"), clean, "resolved") if action == "message" else None,
        skipped_rules=tuple(skipped),
        notes=tuple(notes),
    )


def rule_for(alert: Alert, rules: Rules) -> Rule | None:
    """Return the first rule that matches an alert."""
    return next((rule for rule in rules.rules if not rule.match.mismatch_reasons(alert)), None)


def _action(rule: Rule | None, alert: Alert) -> tuple[Action, str]:
    if rule is None:
        return "nothing", "no rule matches"
    if not rule.start:
        return "nothing", f"the rule {rule.name} lets such alerts pass"
    if alert.is_resolved:
        what = f"on_resolved of {rule.name} is {rule.on_resolved}"
        return rule.on_resolved, f"the alert is resolved, and {what}"
    return "start", f"the rule {rule.name} matches"


def _call(rule: Rule, rules: Rules, alert: Alert, now: float) -> CreateSession:
    name = rule.template or ("issue" if alert.signal == "issue" else "alert")
    options = {field: getattr(rule.session, field) for field in rule.session.model_fields_set}
    given = options | {
        "prompt": render_prompt(rules.template(name), alert, name),
        "title": options.get("title") or _title(alert),
        "tags": _tags(rule, alert),
        "idempotency_key": idempotency_key(alert, rule.window, now),
    }
    if rule.repo_from_alert and alert.repository:
        given["repos"] = list(dict.fromkeys([*(rule.session.repos or []), alert.repository]))
    return CreateSession(**given)


def idempotency_key(alert: Alert, window: float, now: float) -> str:
    """Return the idempotency key of an alert and a window.

    It does not depend on the rule, nor on what else the alert says.
    """
    return "alert-" + digest(alert.source, alert.fingerprint, window, int(now // window))


def _title(alert: Alert) -> str:
    title = " ".join(f"[{alert.severity_word}] {alert.name}".split())
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"


def _tags(rule: Rule, alert: Alert) -> list[str]:
    own = [alert_tag(alert), rule_tag(rule.name), f"severity:{alert.severity}", f"source:{alert.source_name}"]
    return list(dict.fromkeys([*(rule.session.tags or []), *own]))
