"""What is known of each resource: one module each, found by being here.

`LARGEST` and `SMALLEST` are the answers the API documents, as plain JSON, by output model (facts:
docs.devin.ai/v3-openapi.yaml; where the documents disagree, the larger one is kept). `UNTRUSTED`
names the fields whose text anybody can write. `cases()` yields the exchanges to record, and
receives the output of each. `ADDED_BY_FLOWS` names what no answer holds: what a flow says of itself.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

__all__ = ["ADDED_BY_FLOWS", "LARGEST", "MODULES", "SMALLEST", "UNTRUSTED"]

MODULES = [
    import_module(found.name) for found in pkgutil.walk_packages(__path__, f"{__name__}.") if not found.ispkg
]


def _merged(name: str) -> dict[str, Any]:
    tables = [getattr(module, name, {}) for module in MODULES]
    return {key: value for table in tables for key, value in table.items()}


ADDED_BY_FLOWS = _merged("ADDED_BY_FLOWS")
LARGEST = _merged("LARGEST")
SMALLEST = _merged("SMALLEST")
UNTRUSTED = _merged("UNTRUSTED")
