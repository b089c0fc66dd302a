"""Automations: sessions that start by themselves, when something happens elsewhere or by a rule of time.

Facts: the OpenAPI document of the vendor's Terraform provider, autumn 2026. These are the only bodies in
which the API refuses unknown keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, Field, StringConstraints

from ..codec import decode, encode
from ..errors import InvalidArguments, NotFound
from ..flow import Flow, Setting
from ..locations import Wire
from ..paging import Detailed, Paged
from ..tool import DOCUMENTED, USER_ONLY, WRITE, Example, Input, Output, Spending, Tool
from ..wire import DELETE, GET, PATCH, POST
from .automation import (
    MESSAGE,
    MONITOR,
    RUN_AS,
    START,
    Automation,
    AutomationEvents,
    AutomationPage,
    AutomationTemplates,
    SlackRepliers,
    TeamsRepliers,
)
from .automation_parts import (
    WEBHOOK,
    AutomationConcurrency,
    AutomationLimits,
    AutomationNotifications,
    AutomationSecurityProfile,
    AutomationSessionSettings,
    AutomationTools,
    NewAction,
    NewTrigger,
    RunAs,
)
from .shared.fields import GivenText, Id, Text, as_is, known
from .shared.merging import with_cleared
from .shared.once import CreateOnce

AUTOMATIONS = "/v3/organizations/{org_id}/automations"
AUTOMATION = AUTOMATIONS + "/{automation_id}"
VIEW, MANAGE = "ViewOrgAutomations", "ManageOrgAutomations"

AGENT_TYPES = (
    *("new_session", "long_running", "auto_triage", "remediate_finding", "triage_session"),
    *("generic_assistant", "incident_session", "code_scan"),
)


AutomationName = Annotated[GivenText, StringConstraints(max_length=500), DOCUMENTED]
LabelName = Annotated[str, StringConstraints(min_length=1, max_length=32), DOCUMENTED]
LabelValue = Annotated[str, StringConstraints(max_length=128), DOCUMENTED]
Labels = Annotated[dict[LabelName, LabelValue], Field(max_length=16), DOCUMENTED]
ChangedLabels = Annotated[dict[LabelName, LabelValue | None], DOCUMENTED]
"""Labels to merge: null takes one away."""

Clearable = Literal[
    "metadata", "limits", "concurrency", "notifications", "session_settings", "tools", "run_as",
    "security_profile", "slack_reply_access", "teams_reply_access",
]  # fmt: skip

# Beside a rule of time, an event of a trigger starts sessions, so nothing tells how often they start.
CREATES = Spending(starts="standing", limit="limits.max_acu_limit", stops="enabled")
SWITCHED_OFF = (
    "Check the id and the organisation. The API answers in the same way where automations are not switched "
    "on for the organisation, and in older deployments."
)

Out = TypeVar("Out", bound=Output)


class _Explained(Tool[Out], Generic[Out]):
    """A tool that says what a 404 may mean."""

    def flow(self) -> Flow[Out]:
        """Perform the call; say what else an unknown path stands for."""
        try:
            return (yield from super().flow())
        except NotFound as error:
            error.hint = SWITCHED_OFF
            raise


def _of_one(value: str) -> str:
    """Refuse what stands for another operation in the path of an automation."""
    if value in ("schemas", "templates"):
        raise ValueError("is the name of another operation: give the id of an automation")
    return value


AutomationId = Annotated[Id, AfterValidator(_of_one)]


class _OnAutomation(Input):
    automation_id: Annotated[AutomationId, Example("automation-00000000000000000000000000000001")]
    """Which automation."""


class _Automated(Input):
    """What there is to say of an automation, whether it is made or changed."""

    enabled: bool = as_is()
    """Whether events start it. A new one is on unless this is false."""

    limits: AutomationLimits | None = None
    """What its sessions may spend, and how often it may start."""

    concurrency: AutomationConcurrency | None = None
    """How many runs there may be at a time. Left out: any number."""

    notifications: AutomationNotifications | None = None
    """Who is told of its runs."""

    session_settings: Annotated[AutomationSessionSettings | None, USER_ONLY] = None
    """How its sessions work, and which hosts they may reach."""

    tools: Annotated[AutomationTools | None, USER_ONLY] = None
    """What else its sessions may use: MCP servers, channels, Linear, Jira."""

    security_profile: Annotated[AutomationSecurityProfile | None, USER_ONLY] = None
    """The security profile of its sessions. Left out: the one they inherit."""

    slack_reply_access: SlackRepliers | None = None
    """Who may answer its sessions in Slack: devin_users, slack_users, external_slack_users. Left out:
    slack_users."""

    teams_reply_access: TeamsRepliers | None = None
    """Who may answer its sessions in Teams: devin_users, teams_users. Left out: teams_users."""


class ListAutomations(_Explained[AutomationPage], Paged[AutomationPage]):
    """List automations, newest first, one page per call."""

    route = GET(AUTOMATIONS, permission=VIEW)
    keywords = (
        "which triggers, bots, rules are set up, react to Slack, GitHub, PagerDuty alerts, what starts "
        "runs on its own, hooks in place, workflows, what fires by itself"
    )
    examples = ({"enabled": True, "limit": 20},)

    search: Text | None = None
    """Only those whose text holds this."""

    creator_id: Id | None = None
    """Only those that this user or service user created."""

    enabled: bool | None = None
    """Only those that are on, or off."""

    event_type: Text | None = None
    """Only those that events of this kind start, such as `github:push`."""

    agent_types: list[Annotated[Text, known(*AGENT_TYPES)]] | None = None
    """Only those with an action of one of these kinds: new_session, long_running, auto_triage,
    remediate_finding, triage_session, generic_assistant, incident_session, code_scan."""

    metadata: Annotated[Labels | None, Wire(None)] = None
    """Only those with all these labels: values by names."""

    def _read(self) -> Flow[AutomationPage]:
        """Read a page; the API takes a parameter for each label."""
        request = encode(self.route, self)
        labels = [(f"metadata.{name}", value) for name, value in (self.metadata or {}).items()]
        return decode(AutomationPage, (yield replace(request, query=(*request.query, *labels))), {})


class GetAutomation(_OnAutomation, _Explained[Automation], Detailed[Automation]):
    """Read one automation."""

    route = GET(AUTOMATION, permission=VIEW)
    keywords = (
        "show the rule, how the trigger is set, what does this bot react to, why did it fire, what is its "
        "webhook address, details of one workflow"
    )


class GetAutomationEvents(_Explained[AutomationEvents], Detailed[AutomationEvents]):
    """Read which events can start automations, with the fields to test.

    The output is long: every source that the organisation is connected to, with each of its events.
    """

    route = GET(AUTOMATIONS + "/schemas", permission=VIEW)
    keywords = (
        "what can trigger a run, available triggers, integrations, can it react to Slack, Linear, Sentry, "
        "conditions I can test for"
    )
    examples = ({},)

    security_profile_id: Id | None = None
    """A security profile to tell of."""


class ListAutomationTemplates(_Explained[AutomationTemplates], Detailed[AutomationTemplates]):
    """List the vendor's templates for automations."""

    route = GET(AUTOMATIONS + "/templates", permission=VIEW)
    keywords = (
        "ready-made recipes, samples, gallery, example workflows to copy, prebuilt triggers to begin "
        "with, ideas, inspiration, starting point, examples"
    )
    examples = ({},)


class CreateAutomation(_Automated, _Explained[Automation], CreateOnce[Automation]):
    """Create an automation, which starts sessions by itself when events come.

    Each run spends ACUs, without anybody asking again; `limits` bounds that. The secret of a webhook is in
    this output and in no other. When the answer is lost nothing is repeated: the error asks you to look at
    the list first.
    """

    route = POST(AUTOMATIONS, permission=MANAGE)
    effect = WRITE.billable(CREATES).revealing()
    keywords = (
        "whenever a ticket is opened, webhook that launches a run, set up a trigger, bot, rule, on every "
        "push, incident, IFTTT, workflow, when somebody opens an issue, as soon as, pages us, "
        "automatically, on its own, if Sentry reports a crash, let the agent look at it, react to an "
        "alert, on a Slack message, on a new issue"
    )
    examples = (
        {
            "name": "Review of new pull requests",
            "triggers": [
                {
                    "event_type": "github:pull_request",
                    "conditions": {
                        "any": [
                            {
                                "all": [
                                    {"field": "repo", "operator": "eq", "value": "acme/shop"},
                                    {"field": "action", "operator": "in", "value": ["opened", "reopened"]},
                                ]
                            }
                        ]
                    },
                }
            ],
            "actions": [{"type": "start_session", "prompt": "Review the pull request in @acme/shop."}],
            "run_as": {"type": "organization"},
            "limits": {
                "max_acu_limit": 5,
                "invocations": {"max_per_window": 10, "window_seconds": 3600},
            },
            "concurrency": {"max_concurrent_runs": 2},
        },
        {
            "name": "Weekly dependency check",
            "triggers": [
                {
                    "event_type": "schedule:recurring",
                    "conditions": {
                        "any": [
                            {
                                "all": [
                                    {
                                        "field": "rrule",
                                        "operator": "recurrence",
                                        "value": "FREQ=WEEKLY;BYDAY=MO;BYHOUR=6;BYMINUTE=0",
                                    }
                                ]
                            }
                        ]
                    },
                }
            ],
            "actions": [{"type": "start_session", "prompt": "Look for holes in what @acme/shop depends on."}],
            "run_as": {"type": "organization"},
            "enabled": False,
        },
    )

    name: AutomationName
    """The name: at most 500 characters."""

    triggers: list[NewTrigger]
    """The events that start it, any of them; at most one webhook:incoming."""

    actions: Annotated[list[NewAction], Field(min_length=1), DOCUMENTED]
    """What it does then: at most one start_session; monitor_session stands alone."""

    run_as: RunAs
    """In whose name its sessions run: `{"type": "organization"}`, say."""

    metadata: Labels | None = None
    """Its labels: at most 16, their names of up to 32 characters, their values of up to 128."""

    template_id: Id | None = None
    """The template of the vendor's that it is made from."""

    def flow(self) -> Flow[Automation]:
        """Check what it is to do, and create it."""
        _check(self.triggers, self.actions, self.run_as, is_new=True)
        return (yield from super().flow())


class UpdateAutomation(_Automated, _OnAutomation, _Explained[Automation], Tool[Automation]):
    """Change an automation; what is left out stays as it is.

    `{"enabled": false}` pauses it. A list replaces the stored one whole: to change one trigger, give all
    of them. Triggers get other ids then, and the secret of a webhook stays. Within an object, what is left
    out stays too.
    """

    route = PATCH(AUTOMATION, permission=MANAGE)
    effect = WRITE.idempotent().billable(CREATES).revealing()
    keywords = (
        "pause the trigger, switch it off for now, turn the bot back on, enable, disable, change what it "
        "reacts to, mute, silence, tweak, less sensitive, too noisy, edit the rule, its conditions, its "
        "prompt"
    )
    examples = ({"automation_id": "automation-00000000000000000000000000000001", "enabled": False},)

    name: AutomationName = as_is()
    """A new name: at most 500 characters."""

    triggers: list[NewTrigger] = as_is()
    """All events that start it from now on."""

    actions: Annotated[list[NewAction], Field(min_length=1), DOCUMENTED] = as_is()
    """All that it does from now on."""

    run_as: RunAs | None = None
    """In whose name its sessions run from now on."""

    metadata: ChangedLabels | None = None
    """Labels to add or to change, up to 16 in all; a null takes one away, and the others stay."""

    clear: Annotated[list[Clearable], Wire(None)] = []
    """What to empty: `metadata`, `limits`, `concurrency`, `notifications`, `session_settings`, `tools`; or to
    set back: `run_as` (to the organisation), `security_profile` (to the inherited one),
    `slack_reply_access`, `teams_reply_access`."""

    def flow(self) -> Flow[Automation]:
        """Check what it is to do, and change it."""
        _check(self.triggers, self.actions or (), self.run_as, is_new=False)
        if "limits" in self.clear and (yield Setting("max_acu")) is not None:
            raise _wrong("clear", "names limits, and the setting max_acu wants a limit: give another one")
        request = encode(self.route, self)
        request = replace(request, body=with_cleared(request.body or {}, self.clear))
        try:
            return decode(Automation, (yield request), {"automation_id": self.automation_id})
        except NotFound as error:
            error.hint = SWITCHED_OFF
            raise


class DeleteAutomation(_OnAutomation, _Explained[Automation], Tool[Automation]):
    """Delete an automation; no operation brings it back.

    The output is the automation as it was; sessions that run go on.
    """

    route = DELETE(AUTOMATION, permission=MANAGE)
    keywords = (
        "get rid of the trigger, bot, rule, stop reacting to events for ever, remove the webhook, "
        "workflow, switch it off for good, never react again, too noisy"
    )


def _check(
    triggers: Sequence[NewTrigger] | None, actions: Sequence[NewAction], run_as: RunAs | None, *, is_new: bool
) -> None:
    """Refuse, before anything is sent, what the documents say is refused.

    An element of a change may lack what the stored one of its kind has.
    """
    if [trigger.event_type for trigger in triggers or ()].count(WEBHOOK) > 1:
        raise _wrong("triggers", "holds webhook:incoming more than once")
    kinds = [action.type for action in actions]
    if kinds.count(START) > 1:
        raise _wrong("actions", "holds start_session more than once")
    if MONITOR in kinds and len(kinds) > 1:
        raise _wrong("actions", "holds monitor_session beside others, and it stands alone")
    for at, action in enumerate(actions):
        if is_new and (lacking := lacks(action.model_dump(exclude_unset=True))):
            raise _wrong(f"actions[{at}].{lacking}", f"is needed by {action.type}")
    if run_as is not None and run_as.type == "service_user" and run_as.service_user_id is None:
        raise _wrong("run_as.service_user_id", "is needed by service_user")
    if run_as is not None and run_as.type in RUN_AS[:2] and run_as.service_user_id is not None:
        raise _wrong("run_as.service_user_id", f"is given, and {run_as.type} takes none")


def lacks(action: dict[str, Any]) -> str:
    """Return the field that an action lacks by its kind; empty where there is none."""
    needed = {
        START: ("prompt",),
        MESSAGE: ("prompt",) if action.get("auto_create") else ("prompt", "target_devin_id"),
        MONITOR: ("setup_prompt", "slack_monitor_config"),
    }
    return next((name for name in needed.get(action["type"], ()) if action.get(name) is None), "")


def _wrong(field: str, reason: str) -> InvalidArguments:
    return InvalidArguments(f"{field} {reason}.", details=[{"path": field, "reason": reason}])
