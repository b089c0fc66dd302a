"""What automations are made of, as arguments: triggers, actions, limits. Facts: see `automations`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from ..tool import DOCUMENTED, Input
from .automation import ACTIONS, RUN_AS
from .session import MODES
from .shared.fields import GivenText, Id, Name, Tags, as_is, known

EVENTS = {
    "github": (
        *("issue_comment", "issues", "pull_request", "pull_request_review", "pull_request_review_comment"),
        *("check_run", "push"),
    ),
    "gitlab": ("merge_request", "note", "issue", "issue_note", "push", "pipeline"),
    "azure_devops": ("pull_request", "pull_request_comment", "push", "build"),
    "bitbucket_data_center": ("pull_request", "pull_request_comment", "push"),
    "schedule": ("recurring",),
    "slack": ("message", "reaction_added", "usergroup_mentioned"),
    "teams": ("message",),
    "linear": ("create", "label_added", "assigned", "status_changed", "priority_changed", "moved"),
    "jira": ("issue_created", "issue_updated", "label_added", "status_changed", "assigned", "commented"),
    "pylon": ("issue_created", "issue_tag_added", "issue_status_changed"),
    "incident_io": ("incident_created", "status_changed", "severity_changed", "follow_up_created"),
    "pagerduty": (*("incident_triggered", "incident_acknowledged", "incident_resolved", "incident_updated"),),
    "webhook": ("incoming",),
    "snapshot_build": ("completed",),
}
"""The events that start automations, by where they come from."""

EVENT_TYPES = tuple(f"{source}:{name}" for source, names in EVENTS.items() for name in names)

RECURRING, WEBHOOK, SLACK_MESSAGE = "schedule:recurring", "webhook:incoming", "slack:message"
OPERATORS = (
    *("eq", "neq", "contains", "not_contains", "starts_with", "not_starts_with", "ends_with"),
    *("not_ends_with", "gt", "lt", "gte", "lte", "between", "in", "not_in", "matches", "not_matches"),
    *("globs", "not_globs", "is_empty", "is_not_empty", "recurrence"),
)
REPLIES = ("notify_thread", "attach_thread", "post_response")
WHEN = ("always", "dispatch_failed", "dispatch_succeeded")
SLACK_MODES = ("post_updates", "forward_thread", "post_response")
DM_SCOPES = ("org_members", "workspace")

When = Annotated[str, known(*WHEN)]


class TriggerCondition(Input):
    """A test of one field of an event."""

    field: Name
    """Which field of the event, as `devin_get_automation_events` names it: `repo`, `rrule`."""

    operator: Annotated[str, known(*OPERATORS)]
    """How to compare: eq, neq, contains, not_contains, starts_with, not_starts_with, ends_with,
    not_ends_with, gt, lt, gte, lte, between, in, not_in, matches, not_matches (a regular expression), globs,
    not_globs (changed paths), is_empty, is_not_empty, recurrence (an RRULE)."""

    value: str | int | float | bool | list[str] | list[float] | None = None
    """What to compare with: text, a number or true for most; a list of texts for in and globs; two numbers
    for between, both within; nothing for is_empty. Of `rrule`: RRULE text such as
    `FREQ=WEEKLY;BYDAY=MO;BYHOUR=6`."""


class ConditionGroup(Input):
    """Conditions that must hold together."""

    all: list[TriggerCondition]
    """The conditions, each of which must hold."""


class TriggerConditions(Input):
    """Groups of conditions, of which one must hold."""

    any: list[ConditionGroup]
    """The groups: one of them is enough."""


class TriggerReply(Input):
    """An answer where the event came from."""

    type: Annotated[str, known(*REPLIES)]
    """How to answer: notify_thread, attach_thread, post_response."""


class NewTrigger(Input):
    """An event that starts an automation."""

    event_type: Annotated[Name, known(*EVENT_TYPES)]
    """Which kind of event, as `source:name`: `github:pull_request`, `schedule:recurring`,
    `webhook:incoming`; `devin_get_automation_events` lists them."""

    conditions: TriggerConditions | None = None
    """What must hold of the event. Left out: nothing, every event of the kind counts. slack:message needs
    a condition on its channel in every group."""

    replies: list[TriggerReply] = []
    """How to answer where the event came from."""


class SlackPlace(Input):
    """Where in Slack a session tells of its work."""

    mode: Annotated[str, known(*SLACK_MODES)]
    """How: post_updates, forward_thread, post_response."""

    channel_id: Id | None = None
    """Which channel."""


class TeamsPlace(Input):
    """Where in Teams a session tells of its work."""

    team_id: Id
    """Which team."""

    channel_id: Id
    """Which channel of it."""


class ActionNotifications(Input):
    """Where the sessions of an action tell of their work."""

    slack: SlackPlace | None = None
    """Where in Slack."""

    teams: TeamsPlace | None = None
    """Where in Teams."""


class ActionSession(Input):
    """What there is to say of the sessions that an action starts, besides their task."""

    platform: Name | None = None
    """The machine they run on. Left out: the organisation's default."""

    tags: Tags = []
    """Their tags; exactly one allowed one where the organisation enforces tags."""

    notifications: ActionNotifications | None = None
    """Where they tell of their work."""


class SlackMonitor(Input):
    """The Slack channel that a session watches."""

    source_channel_id: Id
    """Which channel."""

    team_id: Id | None = None
    """The Slack workspace of that channel."""


class NewAction(Input):
    """What an automation does when it is triggered."""

    type: Annotated[str, known(*ACTIONS)]
    """What to do: start_session (needs `prompt`), message_session (needs `prompt`, and `target_devin_id` or
    `auto_create`), monitor_session (deprecated; needs `setup_prompt` and `slack_monitor_config`)."""

    prompt: GivenText = as_is()
    """The task or message; the event is added to it. `@owner/repo`, `@playbook:ID`, `@skills:NAME`, `!macro`
    and `${SECRET}` in it stand for what they name."""

    session: ActionSession = as_is()
    """Of start_session: its platform, tags and notifications."""

    target_devin_id: Id = as_is()
    """Of message_session: the session that gets the message."""

    auto_create: bool = as_is()
    """Of message_session: whether a session is started where there is none to message."""

    setup_prompt: GivenText = as_is()
    """Of monitor_session: what the session that watches is to do."""

    slack_monitor_config: SlackMonitor = as_is()
    """Of monitor_session: the channel, that of the one slack:message trigger."""


class RunAs(Input):
    """In whose name the sessions run."""

    type: Annotated[str, known(*RUN_AS)]
    """organization, creator (not for service users) or service_user (needs `service_user_id`)."""

    service_user_id: Id = as_is()
    """Of service_user: which one; the key needs the right to manage it."""


class InvocationLimit(Input):
    """How often an automation may start."""

    max_per_window: Annotated[int, Field(ge=1), DOCUMENTED]
    """The most times in a window."""

    window_seconds: Annotated[int, Field(ge=60), DOCUMENTED]
    """The length of a window in seconds: 60 or more."""


class AutomationLimits(Input):
    """What the sessions of an automation may spend, and how often it may start."""

    max_acu_limit: Annotated[int, Field(ge=1, le=1000), DOCUMENTED] | None = None
    """The most ACUs that each session may spend: 1 to 1000."""

    invocations: InvocationLimit | None = None
    """How often it may start. Left out: as often as events come."""


class AutomationConcurrency(Input):
    """How many runs of an automation there may be at a time."""

    max_concurrent_runs: Annotated[int, Field(ge=1), DOCUMENTED] | None = None
    """The most runs at a time; one counts until its session is finished and waits. Left out: any number."""

    max_queue_depth: Annotated[int, Field(ge=0), DOCUMENTED] | None = None
    """How many events wait for their turn, with `max_concurrent_runs`; those beyond are dropped."""


class EmailNotification(Input):
    """Who gets a mail."""

    when: When
    """When: always, dispatch_failed, dispatch_succeeded."""

    recipients: list[Name] | None = None
    """To which addresses. Left out: the creator's, which a service user does not have."""


class SlackNotification(Input):
    """Which channel is told."""

    when: When
    """When: always, dispatch_failed, dispatch_succeeded."""

    channel_id: Id
    """Which channel."""


class AutomationNotifications(Input):
    """Who is told of the runs of an automation."""

    email: EmailNotification | None = None
    """Who gets a mail."""

    slack: SlackNotification | None = None
    """Which Slack channel is told."""


class AllowedHost(Input):
    """A host that sessions may reach: one of its fields."""

    hostname: Name = as_is()
    """By its name."""

    ipv4: Name = as_is()
    """By its address of IP version 4."""

    ipv6: Name = as_is()
    """By its address of IP version 6."""

    @model_validator(mode="after")
    def _has_one(self) -> AllowedHost:
        given: list[str | None] = [self.hostname, self.ipv4, self.ipv6]
        if given.count(None) != 2:
            raise ValueError("give one of hostname, ipv4 and ipv6")
        return self


class NetworkPolicy(Input):
    """Which hosts sessions may reach."""

    allow: list[AllowedHost]
    """The hosts."""


class AutomationSessionSettings(Input):
    """How the sessions of an automation work."""

    devin_mode: Annotated[str, known(*MODES)] | None = None
    """How they work: normal, fast, lite, ultra, fusion."""

    net_policy: NetworkPolicy | None = None
    """Which hosts they may reach."""


class SlackChannel(Input):
    """A channel of Slack."""

    team_id: Id
    """The workspace."""

    channel_id: Id
    """The channel."""


class TeamsChannel(Input):
    """A channel of Teams; `*` in both stands for all."""

    team_id: Id
    """The team."""

    channel_id: Id
    """The channel."""


class AutomationTools(Input):
    """What else the sessions of an automation may use."""

    mcp_servers: list[Name] = as_is()
    """MCP servers, by their names in the marketplace."""

    slack_channels: list[SlackChannel] = as_is()
    """Channels of Slack."""

    slack_dm_scope: Annotated[str, known(*DM_SCOPES)] | None = None
    """Whom they may write to in Slack: org_members (of an enterprise), workspace (of others)."""

    linear_enabled: bool | None = None
    """Whether they may use Linear."""

    jira_projects: Annotated[list[Name], Field(min_length=1), DOCUMENTED] | None = None
    """Projects of Jira: one at least."""

    teams_channels: list[TeamsChannel] = as_is()
    """Channels of Teams."""


class AutomationSecurityProfile(Input):
    """The security profile of the sessions of an automation."""

    profile_id: Id | None = None
    """Which one; null: none, not even the one they would inherit."""
