"""What the page shows of the tools: plain data from their specs, with what only a person may fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as parts_of
from typing import Any

from ...catalog import Catalog
from ...export.builders.fields import Field, fields_of, label_of
from ...export.providers.variants import output, whole
from ...permissions import is_permitted
from ...settings import Settings
from ...spec import Spec

OWN = "devin-tools"


def permitted_tools(catalog: Catalog, settings: Settings) -> dict[str, Spec]:
    """Return the tools that a person can run here; models are offered fewer."""
    return {spec.name: spec for spec in catalog if is_permitted(spec, settings)}


def summary_of(spec: Spec, catalog: Catalog) -> dict[str, Any]:
    """Return the line of a tool in the list."""
    effect = spec.effect
    origin = catalog.origins.get(spec.name, OWN)
    return {
        "name": spec.name,
        "title": spec.title,
        "summary": spec.summary,
        "resource": spec.resource,
        "resource_label": label_of(spec.resource),
        "effect": effect.kind,
        "is_billable": effect.is_billable,
        "spends": effect.spends,
        "marks": list(effect.marks),
        "is_beta": spec.beta,
        "plugin": None if origin == OWN else origin,
    }


def details_of(spec: Spec, catalog: Catalog) -> dict[str, Any]:
    """Return all that the page shows of a tool."""
    return summary_of(spec, catalog) | {
        "description": spec.description,
        "permission": spec.permission,
        "route": f"{spec.route.method} {spec.route.path}" if spec.route else None,
        "is_one_request": spec.is_one_request,
        "is_idempotent": spec.effect.is_idempotent,
        "is_reversible": spec.effect.is_reversible,
        "is_paged": spec.paging is not None,
        "cursor_field": spec.paging.cursor_field if spec.paging else None,
        "items_field": spec.paging.items if spec.paging else None,
        "needs_consent": spec.effect.needs_consent,
        "missing_from_models": list(spec.missing_from_models),
        "examples": [dict(example) for example in spec.examples],
        "fields": [_field(field) for field in fields_of(spec)],
        "input": whole(spec),
        "output": output(spec),
    }


def _field(field: Field) -> Mapping[str, Any]:
    """Return a field without its schema, which the schema of the input holds, and its way on the wire."""
    left_out = ("schema", "keeps_slashes")
    return {part.name: getattr(field, part.name) for part in parts_of(field) if part.name not in left_out}
