"""A secret that the API shows once shows in no text of its output."""

from __future__ import annotations

from typing import Any, get_args

from support.laws import for_every
from support.tools import tools

from devin_tools import Spec
from devin_tools.security.shown_once import is_secret
from devin_tools.tool import Output


@for_every("spec", lambda: [spec for spec in tools() if spec.effect.reveals_secret])
def test_no_text_of_an_output_holds_its_secret(spec: Spec) -> None:
    shown = [
        f"{model.__name__}.{name}"
        for model in outputs_in(spec.output)
        for name, field in model.model_fields.items()
        if is_secret(field) and field.repr
    ]
    assert shown == [], "declare it as ShownOnce; one that may be null wants Field(repr=False) besides"


def outputs_in(annotation: Any) -> list[type[Output]]:
    """Return the outputs that an annotation names, and those that their fields do."""
    if isinstance(annotation, type) and issubclass(annotation, Output):
        inner = [one for field in annotation.model_fields.values() for one in outputs_in(field.annotation)]
        return [annotation, *inner]
    return [one for part in get_args(annotation) for one in outputs_in(part)]
