"""Automations."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CreateAutomation

ACTOR = {"type": "service_user", "id": "service-user-1", "name": "CI"}
TRIGGER: dict[str, Any] = {
    "event_type": "webhook:incoming",
    "trigger_id": "trigger-1",
    "conditions": {"any": [{"all": [{"field": "body", "operator": "contains", "value": "down"}]}]},
    "replies": [{"type": "notify_thread"}],
    "webhook": {"url": "https://api.devin.ai/webhooks/automations/1", "secret": "whsec_1"},
}
ACTION: dict[str, Any] = {
    "type": "start_session",
    "prompt": "Look into @acme/shop.",
    "session": {
        "bypass_approval": False,
        "platform": None,
        "tags": ["a"],
        "notifications": {"slack": {"mode": "post_updates", "channel_id": "C1"}, "teams": None},
        "playbook_id": None,
        "repos": ["acme/shop"],
    },
    "target_devin_id": "devin-1",
    "auto_create": True,
    "setup_prompt": "Watch.",
    "slack_monitor_config": {"source_channel_id": "C1", "team_id": None},
}
"""An action with the fields of every kind."""

AUTOMATION: dict[str, Any] = {
    "automation_id": "automation-00000000000000000000000000000001",
    "name": "Incidents",
    "enabled": True,
    "triggers": [TRIGGER],
    "actions": [ACTION],
    "created_by": ACTOR,
    "created_at": 1_767_225_600,
    "updated_at": 1_767_225_600,
    "last_edited_by": ACTOR | {"type": "user"},
    "last_invocation": {"fired_at": 1_767_225_600, "status": "succeeded"},
    "next_run_at": 1_767_225_660,
    "run_as": {"type": "service_user", "service_user_id": "service-user-2"},
    "limits": {"max_acu_limit": 5, "invocations": {"max_per_window": 10, "window_seconds": 3600}},
    "concurrency": {"max_concurrent_runs": 2, "max_queue_depth": 5},
    "metadata": {"team": "core"},
    "notifications": {
        "email": {"when": "always", "recipients": ["a@example.com"]},
        "slack": {"when": "dispatch_failed", "channel_id": "C1"},
    },
    "session_settings": {"devin_mode": "lite", "net_policy": {"allow": [{"hostname": "pypi.org"}]}},
    "tools": {
        "mcp_servers": ["sentry"],
        "slack_channels": [{"team_id": "T1", "channel_id": "C1"}],
        "slack_dm_scope": "workspace",
        "linear_enabled": True,
        "jira_projects": ["SHOP"],
        "teams_channels": [{"team_id": "*", "channel_id": "*"}],
    },
    "security_profile": {"selection": "profile", "profile_id": "profile-1", "warnings": ["It is strict."]},
    "template_id": "template-1",
    "slack_reply_access": "slack_users",
    "teams_reply_access": "teams_users",
}
EVENT = {
    "event_type": "github:push",
    "name": "Push",
    "category": "github",
    "supported_replies": ["post_response"],
    "fields": {
        "repo": {
            "type": "github_repo",
            "label": "Repository",
            "description": "Where it was pushed to.",
            "required": False,
            "fixed": False,
            "multiple": False,
            "options": [{"value": "acme/shop", "label": "acme/shop"}],
        }
    },
}
TEMPLATE = {
    "template_id": "template-1",
    "name": "Review pull requests",
    "description": "Review each new pull request.",
    "category": "code_review",
    "required_integrations": ["github"],
    "required_mcps": ["sentry"],
    "triggers": [TRIGGER],
    "actions": [ACTION],
    "docs_url": "https://docs.devin.ai/automations",
    "featured": True,
}
LARGEST: dict[str, Any] = {
    "Automation": AUTOMATION,
    "AutomationPage": page(AUTOMATION, AUTOMATION | {"automation_id": "automation-2"}),
    "AutomationEvents": {
        "sources": {"github": {"push": EVENT}},
        "update_semantics": "merge_patch",
        "default_net_policy": {"allow": [{"ipv4": "192.0.2.1"}]},
        "security_profile": {"name": "Strict", "governs_network": True, "mcp_servers": ["sentry"]},
    },
    "AutomationTemplates": {"templates": [TEMPLATE]},
}
SMALLEST: dict[str, Any] = {
    "Automation": {"automation_id": "automation-1"},
    "AutomationPage": {"items": []},
    "AutomationEvents": {"sources": {}},
    "AutomationTemplates": {"templates": []},
}
UNTRUSTED = {
    "Automation": {"name", "metadata", "notifications", "session_settings", "tools"},
    "AutomationAction": {"prompt", "session", "setup_prompt"},
    "AutomationActor": {"name"},
    "AutomationEvents": {"security_profile"},
    "AutomationTrigger": {"conditions"},
}

FIELDS: dict[str, Any] = {
    "name": "Cassette",
    "triggers": [
        {
            "event_type": "github:push",
            "conditions": {"any": [{"all": [{"field": "repo", "operator": "eq", "value": "acme/shop"}]}]},
        }
    ],
    "actions": [{"type": "start_session", "prompt": "Do nothing in @acme/shop."}],
    "run_as": {"type": "organization"},
    "enabled": False,
}


def furnish(client: Client) -> dict[str, Any]:
    return {"automation_id": client.run(CreateAutomation(**FIELDS)).automation_id}


def cases() -> Cases:
    everything = FIELDS | {
        "metadata": {"team": "core"},
        "limits": {"max_acu_limit": 1, "invocations": {"max_per_window": 1, "window_seconds": 60}},
        "concurrency": {"max_concurrent_runs": 1, "max_queue_depth": 0},
        "slack_reply_access": "devin_users",
    }
    automation = yield Case("devin_create_automation", "everything", everything)
    yield Case(
        "devin_create_automation",
        "no_such_playbook",
        FIELDS | {"actions": [{"type": "start_session", "prompt": "Follow @playbook:playbook-none."}]},
    )
    on = {"automation_id": automation.automation_id}
    webhook = FIELDS | {"triggers": [{"event_type": "webhook:incoming"}]}
    yield Case("devin_create_automation", "webhook", webhook, live=False)  # its secret is for no file
    yield Case(
        "devin_update_automation",
        "merged",
        on
        | {
            "metadata": {"stage": "test"},
            "limits": {"max_acu_limit": 2},
            "clear": ["concurrency"],
        },
        after=60,
    )
    yield Case("devin_get_automation", "automation", on)
    yield Case("devin_list_automations", "page", {"limit": 1, "enabled": False, "event_type": "github:push"})
    yield Case("devin_list_automations", "none", {"search": "nothing has this name"})
    yield Case("devin_get_automation_events", "events", {})
    yield Case("devin_list_automation_templates", "templates", {})
    yield Case("devin_delete_automation", "deleted", on)
    yield Case("devin_get_automation", "not_found", on)
