"""The OpenAPI document of all tools is valid."""

from __future__ import annotations

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from support.odd_tools import StoreKey
from support.tools import tools

from devin_tools import describe
from devin_tools.export.openapi import openapi_of


@pytest.mark.parametrize("has_token", [True, False])
def test_the_document_is_valid(has_token: bool) -> None:
    made = openapi_of([*tools(), describe(StoreKey)], url="https://tools.example.com", has_token=has_token)
    validate(made, cls=OpenAPIV31SpecValidator)
