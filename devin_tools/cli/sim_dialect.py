"""`call NAME --dialect sim`: the call that Sim's parameters stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..adapters.sim import translated
from ..errors import UsageError
from ..export.builders.sim.params import API_KEY
from ..security.references import is_reference, resolved

if TYPE_CHECKING:
    from ..spec import Spec
    from ..tool import Tool
    from .options import Options


def call_for_sim(options: Options, spec: Spec, params: Mapping[str, Any], given: str | None) -> Tool[Any]:
    """Make the call that Sim's parameters stand for; their account takes the place of the settings'.

    Raises `UsageError` for a key that stands on the command line itself.
    """
    key = params.get(API_KEY)
    if isinstance(key, str) and is_reference(key):
        params = {**params, API_KEY: resolved(key)}
    elif key and given is not None and given != "-" and not given.startswith("@"):
        raise UsageError(
            f"A key is never given on the command line: others can read {API_KEY} there.",
            hint="Give the parameters in @FILE or on standard input (-), write env:VARIABLE or file:PATH in "
            "place of the key, or set DEVIN_API_KEY.",
        )
    call, account = translated(spec.name, params, options.catalog)
    overrides = account.overrides()
    sources = dict(options.settings.sources) | dict.fromkeys(overrides, "parameters")
    options.settings = replace(options.settings, **overrides, sources=sources)
    return call
