"""Automations as the API shows them. Facts: see `automations`."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from ..paging import Abridged, Items, Page
from ..tool import Output
from .shared.fields import UNTRUSTED, Untrusted, known

START, MESSAGE, MONITOR = "start_session", "message_session", "monitor_session"
ACTIONS = (START, MESSAGE, MONITOR)
RUN_AS = ("organization", "creator", "service_user")
SLACK_REPLIERS = ("devin_users", "slack_users", "external_slack_users")
TEAMS_REPLIERS = ("devin_users", "teams_users")

SlackRepliers = Annotated[str, known(*SLACK_REPLIERS)]
TeamsRepliers = Annotated[str, known(*TEAMS_REPLIERS)]
Free = Annotated[dict[str, Any], UNTRUSTED]
"""An object as it was sent by whoever made the automation."""


class AutomationActor(Output):
    """Who made or changed an automation."""

    type: Annotated[str, known("user", "service_user")] | None = None
    """Whether it is a person or a service user."""

    id: str | None = None
    """The id."""

    name: Untrusted | None = None
    """The name."""


class AutomationWebhook(Output):
    """Where a sender posts its events."""

    url: str | None = None
    """The address to post them to."""

    secret: Annotated[str | None, Field(repr=False, json_schema_extra={"x-secret": True})] = None
    """What the sender puts into the header X-Webhook-Secret. It is shown once, when it was made; null
    from then on: keep it now."""


class AutomationTrigger(Output):
    """An event that starts an automation."""

    event_type: str
    """Which kind of event, as `source:name`."""

    trigger_id: str | None = None
    """The id, another one after each change of the triggers."""

    conditions: Free | None = None
    """What must hold of the event, as groups: `any` of them, `all` in one; null: nothing."""

    replies: list[dict[str, Any]] | None = None
    """How it answers where the event came from."""

    webhook: AutomationWebhook | None = None
    """Of webhook:incoming: where a sender posts its events."""


class AutomationAction(Output):
    """What an automation does when it is triggered; of a kind that is not known here, what the API says."""

    type: Annotated[str, known(*ACTIONS)]
    """What it does."""

    prompt: Untrusted | None = None
    """The task or message."""

    session: Free | None = None
    """Of start_session: the platform, tags and notifications of the session, whether the sessions that it
    spawns need an approval, and the playbook and repositories that its prompt names."""

    target_devin_id: str | None = None
    """Of message_session: the session that gets the message."""

    auto_create: bool | None = None
    """Of message_session: whether a session is started where there is none."""

    setup_prompt: Untrusted | None = None
    """Of monitor_session: what the session that watches is to do."""

    slack_monitor_config: dict[str, Any] | None = None
    """Of monitor_session: the channel."""


class AutomationRun(Output):
    """The last time that an automation started."""

    fired_at: int | None = None
    """When, in Unix seconds."""

    status: Annotated[str, known("succeeded", "failed", "skipped")] | None = None
    """What came of it."""


class AutomationIdentity(Output):
    """In whose name the sessions run."""

    type: Annotated[str, known(*RUN_AS)] | None = None
    """The organisation, the creator, or a service user."""

    service_user_id: str | None = None
    """Which service user."""


class ProfileSelection(Output):
    """The security profile of the sessions."""

    selection: Annotated[str, known("inherit", "none", "profile")] | None = None
    """Whether they have the one they inherit, none, or one of their own."""

    profile_id: str | None = None
    """Which one."""

    warnings: list[str] | None = None
    """What the profile is at odds with; always empty in lists."""


class Automation(Abridged):
    """An automation as the API shows it."""

    automation_id: str
    """The id."""

    name: Untrusted | None = None
    """The name."""

    enabled: bool | None = None
    """Whether events start it."""

    triggers: list[AutomationTrigger] | None = None
    """The events that start it, any of them."""

    actions: list[AutomationAction] | None = None
    """What it does then."""

    created_by: AutomationActor | None = None
    """Who created it."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""

    last_edited_by: AutomationActor | None = None
    """Who changed it last."""

    last_invocation: AutomationRun | None = None
    """The last time that it started."""

    next_run_at: int | None = None
    """When its rule of time starts it next, in Unix seconds; null without one, or while it is off."""

    run_as: AutomationIdentity | None = None
    """In whose name its sessions run."""

    limits: dict[str, Any] | None = None
    """`max_acu_limit` of each session, and `invocations`: how often it may start."""

    concurrency: dict[str, Any] | None = None
    """`max_concurrent_runs` at a time, and `max_queue_depth`: how many events wait; null: no bound."""

    metadata: Annotated[dict[str, Any], UNTRUSTED] | None = None
    """Its labels."""

    notifications: Free | None = None
    """Who is told of its runs."""

    session_settings: Free | None = None
    """How its sessions work, and which hosts they may reach."""

    tools: Free | None = None
    """What else its sessions may use."""

    security_profile: ProfileSelection | None = None
    """The security profile of its sessions; null where profiles are not switched on."""

    template_id: str | None = None
    """The template it was made from."""

    slack_reply_access: SlackRepliers | None = None
    """Who may answer its sessions in Slack."""

    teams_reply_access: TeamsRepliers | None = None
    """Who may answer its sessions in Teams."""


class AutomationPage(Page[Automation]):
    """One page of automations."""

    automations: Items[Automation]
    """The automations of this page, newest first."""


class AutomationEvents(Abridged):
    """The events that can start automations of this organisation."""

    sources: dict[str, Any]
    """By source and by event name: `event_type`, `name`, `category`, `supported_replies`, and by its path
    each of the `fields` that conditions can test: `type`, `label`, whether it is `required`, `options`."""

    update_semantics: Annotated[str, known("replace_groups", "merge_patch")] | None = None
    """How an update treats what it leaves out."""

    default_net_policy: dict[str, Any] | None = None
    """Which hosts sessions may reach where an automation does not say."""

    security_profile: Free | None = None
    """The security profile that was asked about."""


class AutomationTemplate(Output):
    """A template of the vendor's for automations."""

    template_id: str
    """The id."""

    name: str | None = None
    """The name."""

    description: str | None = None
    """What it is for."""

    category: str | None = None
    """The category it is listed in."""

    required_integrations: list[str] | None = None
    """What the organisation must be connected to."""

    required_mcps: list[str] | None = None
    """The MCP servers it needs."""

    triggers: list[AutomationTrigger] | None = None
    """The events that start it."""

    actions: list[AutomationAction] | None = None
    """What it does then."""

    docs_url: str | None = None
    """Where it is described."""

    featured: bool | None = None
    """Whether the vendor puts it first."""


class AutomationTemplates(Abridged):
    """The vendor's templates for automations."""

    items_field: ClassVar[str] = "templates"

    templates: list[AutomationTemplate]
    """All of them."""
