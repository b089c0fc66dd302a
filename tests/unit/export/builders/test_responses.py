"""What packs that ask the API directly say of its answers beforehand is what the documented answers hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from resources import LARGEST
from support.laws import for_every
from support.packs import pack
from support.tools import tools

from devin_tools import Spec
from devin_tools.export.builders.fields import operation_of
from devin_tools.export.builders.n8n import ADDED
from devin_tools.export.builders.responses import response_list, response_schema


def direct() -> list[Spec]:
    return [spec for spec in tools() if spec.is_one_request]


def differences(schema: dict[str, Any], value: Any, place: str = "") -> Iterator[str]:
    """Name what only the schema or only the value has; a schema without properties says nothing."""
    if isinstance(value, list):
        for item in value:
            yield from differences(schema.get("items", {}), item, f"{place}[]")
    if not isinstance(value, dict):
        return
    forms = [schema, *schema.get("anyOf", [])]
    known = {name: part for form in forms for name, part in form.get("properties", {}).items()}
    if known:
        yield from (f"{place}.{name}" for name in known.keys() ^ value.keys())
        for name in known.keys() & value.keys():
            yield from differences(known[name], value[name], f"{place}.{name}")


def rows_of(spec: Spec) -> Any:
    """Return the documented rows of a list, or the whole answer where it is not a list."""
    answer, rows = LARGEST[spec.output.__name__], response_list(spec)
    return answer if rows is None or isinstance(answer, list) else answer[rows.wire]


IN_ONE_ALONE = ("structured_output_schema", "idp_role_assignments")
"""What a playbook, and a person, has when one is read, and lists leave out."""


@for_every("spec", direct)
def test_an_answer_has_what_is_said_of_it(spec: Spec) -> None:
    schema, rows = response_schema(spec), response_list(spec)
    if rows is None:
        assert set(differences(schema, rows_of(spec))) == set()
    else:
        inner = schema["properties"][rows.field]
        assert set(differences(inner, rows_of(spec))) <= {f"[].{name}" for name in IN_ONE_ALONE}


@for_every("spec", direct)
def test_n8n_previews_an_item_as_it_comes(spec: Spec) -> None:
    path = f"dist/nodes/Devin/__schema__/v1.0.0/{spec.resource}/{operation_of(spec)}.json"
    item, found = json.loads(pack("n8n")[path]), rows_of(spec)
    wrong = {
        place.removeprefix("[]")
        for row in (found if response_list(spec) else [found])
        for place in differences(item, row)
    }
    assert wrong <= {f".{name}" for name in (*IN_ONE_ALONE, *ADDED)}
    assert '"null"' not in json.dumps(item["properties"])
