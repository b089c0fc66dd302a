"""The native manifest: all that a workflow builder needs to offer and call a tool without Python."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..errors import Ambiguous, ApiError, NetworkError, UnexpectedResponse, error_kinds
from ..settings import DEFAULT_BASE_URL
from ..spec import Spec
from ..tool import Effect, Spending
from ..version import __version__
from .manifest_schema import INDEX_FILE, MANIFEST_SCHEMA, SCHEMA_FILE
from .quoting import json_text

FORMAT = "devin-tools/manifest/1"

SLASHES = {True: "keep", False: "encode"}

SHORTLY = ("id", "name", "resource", "summary", "keywords", "effect", "hash")
"""What the index of a pack says of a tool."""

RAISED = (Ambiguous, ApiError, NetworkError, UnexpectedResponse)
"""The errors that a call can end with after it was sent."""


def manifest_of(spec: Spec) -> dict[str, Any]:
    """Describe one tool as plain JSON; the caller owns every part of it."""
    manifest = {
        "$schema": SCHEMA_FILE,
        "format": FORMAT,
        "id": spec.name,
        "name": spec.title,
        "version": spec.version,
        "resource": spec.resource,
        "summary": spec.summary,
        "description": spec.description,
        "keywords": list(spec.keywords),
        "beta": spec.beta,
        "effect": effect_of(spec.effect),
        "scope": spec.scope,
        "permission": spec.permission or None,
        "auth": {"type": "http", "scheme": "bearer", "variable": "DEVIN_API_KEY"},
        "input": copy.deepcopy(dict(spec.input_schema)),
        "visibility": {
            name: "user" if name in spec.user_only else "llm" for name in spec.input_schema["properties"]
        },
        "output": copy.deepcopy(dict(spec.output_schema)),
        "http": _http(spec),
        "one_request": spec.is_one_request,
        "paging": asdict(spec.paging) if spec.paging else None,
        "errors": sorted(kind for kind, cls in error_kinds().items() if issubclass(cls, RAISED)),
        "examples": [copy.deepcopy(dict(example)) for example in spec.examples],
    }
    return manifest | {"hash": content_hash(manifest)}


def effect_of(effect: Effect) -> dict[str, Any]:
    """Return an effect as plain data."""
    return {
        "kind": effect.kind,
        "idempotent": effect.is_idempotent,
        "billable": effect.is_billable,
        "spending": None if effect.spending is None else spending_of(effect.spending),
        "reversible": effect.is_reversible,
        "administrative": effect.is_administrative,
        "reveals_secret": effect.reveals_secret,
        "private": effect.is_private,
    }


def spending_of(spending: Spending) -> dict[str, Any]:
    """Return how a call spends as plain data."""
    once = None if spending.once is None else dict(zip(("field", "value"), spending.once, strict=True))
    facts = asdict(spending) | {"once": once}
    del facts["key"]  # how the limits of a client count: of no use to a caller
    return facts


def _http(spec: Spec) -> dict[str, Any] | None:
    """Map fields to the request. `list: repeat` means one `name=value` per item of a list."""
    if spec.route is None:
        return None
    kinds = {place.where for place in spec.places}
    return {
        "method": spec.route.method,
        "path": spec.route.template,
        "scope": list(spec.scope_names),
        "body": "multipart" if "file" in kinds else "json" if "body" in kinds else None,
        "fields": [
            {
                "field": place.field,
                "in": None if place.where == "nowhere" else place.where,
                "name": place.wire,
                "list": "repeat" if place.is_list and place.where == "query" else None,
                "slashes": SLASHES[place.keeps_slashes] if place.where == "path" else None,
                "prefix": place.prefix or None,
            }
            for place in spec.places
        ],
    }


def content_hash(manifest: Mapping[str, Any]) -> str:
    """Hash a manifest's content, whatever the order of its keys; its own `hash` is left out."""
    content = {key: value for key, value in manifest.items() if key != "hash"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def index_of(manifests: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """List a pack's tools: enough to choose from, with each file's name and hash."""
    return {
        "$schema": SCHEMA_FILE,
        "format": FORMAT,
        "name": "devin-tools",
        "version": __version__,
        "base_url": DEFAULT_BASE_URL,
        "scope": {"org_id": {"variable": "DEVIN_ORG_ID"}},
        "tools": [
            {key: manifest[key] for key in SHORTLY} | {"file": f"{manifest['id']}.json"}
            for manifest in manifests
        ],
    }


def manifest_files(specs: Sequence[Spec]) -> dict[str, str]:
    """Write every tool, the index and the schema of both."""
    manifests = [manifest_of(spec) for spec in specs]
    files = {f"{manifest['id']}.json": manifest for manifest in manifests}
    files |= {INDEX_FILE: index_of(manifests), SCHEMA_FILE: MANIFEST_SCHEMA}
    return {name: json_text(content, indent=2) for name, content in files.items()}
