"""What the values of pipelines have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ..lazy_models import Frozen


class FrozenModel(Frozen, BaseModel):
    """A value that is frozen, closed, and described by the text under each field."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )
