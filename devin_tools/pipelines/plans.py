"""From an alert and the rules to what is to be done, with the reasons. Pure: nothing is sent."""

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
"""What the tags begin with by which an alert's sessions, and a rule's, are found."""

MAX_TITLE = 120


@dataclass(frozen=True, slots=True)
class SkippedRule:
    """A rule that was asked, and is not for the alert."""

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
    """What to tell the session of an alert that is resolved."""

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
        """The names of the sinks to tell."""
        return () if self.rule is None else tuple(self.rule.tell)


def alert_tag(alert: Alert) -> str:
    """Name an alert, whenever it fires, in a tag."""
    return ALERT_TAG + digest(alert.source, alert.fingerprint)[:24]


def rule_tag(name: str) -> str:
    """Name a rule in a tag."""
    return RULE_TAG + name


def rule_in(tags: Iterable[str]) -> str | None:
    """Read from the tags of a session which rule started it."""
    return next((tag.removeprefix(RULE_TAG) for tag in tags if tag.startswith(RULE_TAG)), None)


def plan(alert: Alert, rules: Rules, *, now: float, started_by: str | None = None) -> Plan:
    """Decide what to do about an alert at a time (seconds since 1970): the first rule that matches counts.

    Where the alert has a session already, `started_by` names the rule that started it, which then counts:
    an alert that is resolved seldom says again how bad it was, so another rule could match it.

    Raises `Refused` when the alert looks like it holds secrets and the rule says to refuse those, and
    `BadRules` when the template fails on this alert.
    """
    skipped_rules: list[SkippedRule] = []
    known = next((rule for rule in rules.rules if rule.name == started_by), None)
    if known is not None:
        return _by(known, rules, alert, (), now)
    for rule in rules.rules:
        if not (mismatch_reasons := rule.match.mismatch_reasons(alert)):
            return _by(rule, rules, alert, tuple(skipped_rules), now)
        skipped_rules.append(SkippedRule(rule.name, tuple(mismatch_reasons)))
    clean, notes = without_secrets(alert)
    return Plan("nothing", "no rule matches", clean, skipped_rules=tuple(skipped_rules), notes=tuple(notes))


def rule_for(alert: Alert, rules: Rules) -> Rule | None:
    """Return the first rule that matches an alert."""
    return next((rule for rule in rules.rules if not rule.match.mismatch_reasons(alert)), None)


def _by(rule: Rule, rules: Rules, alert: Alert, skipped_rules: tuple[SkippedRule, ...], now: float) -> Plan:
    clean, notes = without_secrets(alert, rule.secrets)
    action, reason = _action(rule, alert)
    return Plan(
        action=action,
        reason=reason,
        alert=clean,
        rule=rule,
        call=_call(rule, rules, clean, now) if action == "start" else None,
        message=render_prompt(rules.template("resolved"), clean, "resolved") if action == "message" else None,
        skipped_rules=skipped_rules,
        notes=tuple(notes),
    )


def _action(rule: Rule, alert: Alert) -> tuple[Action, str]:
    if not rule.start:
        return "nothing", f"the rule {rule.name} lets such alerts pass"
    if alert.is_resolved:
        return (
            rule.on_resolved,
            f"the alert is resolved, and on_resolved of {rule.name} is {rule.on_resolved}",
        )
    return "start", f"the rule {rule.name} matches"


def _call(rule: Rule, rules: Rules, alert: Alert, now: float) -> CreateSession:
    name = rule.template or ("issue" if alert.signal == "issue" else "alert")
    options = {field: getattr(rule.session, field) for field in rule.session.model_fields_set}
    given = options | {
        "prompt": render_prompt(rules.template(name), alert, name),
        "title": options.get("title") or _title(alert),
        "tags": _tags(rule, alert),
        "idempotency_key": key(alert, rule.window, now),
    }
    if rule.repo_from_alert and alert.repository:
        given["repos"] = list(dict.fromkeys([*(rule.session.repos or []), alert.repository]))
    return CreateSession(**given)


def key(alert: Alert, window: float, now: float) -> str:
    """Name an alert within a window. It does not depend on the rule, nor on what else the alert says."""
    return "alert-" + digest(alert.source, alert.fingerprint, window, int(now // window))


def _title(alert: Alert) -> str:
    title = " ".join(f"[{alert.severity_word}] {alert.name}".split())
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"


def _tags(rule: Rule, alert: Alert) -> list[str]:
    own = [alert_tag(alert), rule_tag(rule.name), f"severity:{alert.severity}", f"source:{alert.source_name}"]
    return list(dict.fromkeys([*(rule.session.tags or []), *own]))
