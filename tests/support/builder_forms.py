"""What a person types into the form of a low-code builder to make a call: the same for every builder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from support.odd_tools import FindOdd, StoreKey

from devin_tools import describe, load_catalog
from devin_tools.export.fields import Field

__all__ = ["EXAMPLES", "ODD", "SPECS", "typed"]

SPECS = list(load_catalog(plugins=()))
ODD = [describe(FindOdd), describe(StoreKey)]
"""What a plugin may bring."""

EXAMPLES = [(spec, example) for spec in SPECS for example in spec.examples]


def typed(field: Field, value: Any) -> Any:
    """Write a value as a person types it: text for all but lists of texts."""
    if isinstance(value, list) and field.kind in ("texts", "choices"):
        return value or ["[]"]
    if isinstance(value, Mapping | list | bool) or value is None:
        return json.dumps(value)
    return str(value)
