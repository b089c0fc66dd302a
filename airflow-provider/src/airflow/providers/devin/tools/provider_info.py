"""What Airflow is told of this provider. Imports nothing, because Airflow asks at every start."""

from __future__ import annotations

from typing import Any

__all__ = ["get_provider_info"]

HOME = "airflow.providers.devin.tools"
NAME = "Devin"


def get_provider_info() -> dict[str, Any]:
    """Describe the provider, in the form that the entry point `apache_airflow_provider` wants."""
    return {
        "package-name": "apache-airflow-providers-devin-tools",
        "name": NAME,
        "description": "Devin sessions: run a task, wait for it, talk to it.",
        "integrations": [
            {"integration-name": NAME, "external-doc-url": "https://docs.devin.ai/", "tags": ["service"]}
        ],
        "operators": _modules("operators"),
        "sensors": _modules("sensors"),
        "hooks": _modules("hook"),
        "triggers": _modules("triggers"),
        "extra-links": [f"{HOME}.links.DevinSessionLink"],
        "connection-types": [
            {
                "connection-type": "devin",
                "hook-class-name": f"{HOME}.hook.DevinHook",
                "hook-name": "Devin",
                "conn-fields": _conn_fields(),
                "ui-field-behaviour": _behaviour(),
            }
        ],
    }


def _modules(name: str) -> list[dict[str, Any]]:
    return [{"integration-name": NAME, "python-modules": [f"{HOME}.{name}"]}]


def _conn_fields() -> dict[str, Any]:
    """Name the fields of the connection's form that Airflow does not have by itself."""
    return {
        "org_id": _field("Organisation", "string", "It looks like org-...; empty: the API is asked once."),
        "namespace": _field(
            "Namespace",
            "string",
            "Tells deployments apart that share DAG ids, so that none adopts another's sessions.",
        ),
        "requests_per_minute": _field(
            "Requests a minute",
            "number",
            "The rate limit, where you know it: waiting takes half of it at most.",
        ),
        "max_acu": _field("Highest ACU limit", "integer", "The most ACUs that one session may be given."),
        "read_only": _field("Only reads", "boolean", "Refuse every tool that changes something."),
    }


def _field(label: str, kind: str, description: str) -> dict[str, Any]:
    return {"label": label, "description": description, "schema": {"type": [kind, "null"]}}


def _behaviour() -> dict[str, Any]:
    """Show the fields that a key and a host need, and no others."""
    return {
        "hidden-fields": ["login", "schema", "port"],
        "relabeling": {"password": "API key", "host": "API host"},
        "placeholders": {"password": "cog_...", "host": "https://api.devin.ai"},
    }
