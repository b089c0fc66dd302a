"""The blueprint of an enterprise, and its files. What is answered is as for an organisation."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import (
    Client,
    CreateEnterpriseBlueprint,
    DeleteEnterpriseBlueprint,
    ListEnterpriseBlueprints,
    UploadEnterpriseBlueprintFile,
)

NOUN = "enterprise_blueprint"


def furnish(client: Client) -> dict[str, Any]:
    for one in client.run(ListEnterpriseBlueprints()).blueprints:
        client.run(DeleteEnterpriseBlueprint(blueprint_id=one.blueprint_id))
    made = client.run(CreateEnterpriseBlueprint())  # blank, so that the example of the same tool may fill it
    on = {"blueprint_id": made.blueprint_id}
    file = client.run(UploadEnterpriseBlueprintFile(**on, path="note.txt", name="note"))
    tools = [f"devin_{verb}_{NOUN}" for verb in ("get", "update", "delete")]
    tools += [f"devin_{verb}_{NOUN}_file" for verb in ("upload", "delete")]
    tools += [f"devin_get_{NOUN}_contents", f"devin_list_{NOUN}_files"]
    names = {f"{tool}.blueprint_id": made.blueprint_id for tool in tools}
    return names | {f"devin_delete_{NOUN}_file.file_id": file.file_id, f"devin_upload_{NOUN}_file.name": "x"}


def cases() -> Cases:
    (there,) = (yield Case(f"devin_list_{NOUN}s", "one", {}, live=False)).blueprints
    yield Case(f"devin_create_{NOUN}", "second", {"contents": "initialize: x\n"}, live=False)
    yield Case(f"devin_delete_{NOUN}", "deleted", {"blueprint_id": there.blueprint_id}, live=False)
    given = {"contents": "initialize: apt-get update\n"}
    made = yield Case(f"devin_create_{NOUN}", "created", given, live=False)
    on = {"blueprint_id": made.blueprint_id}
    new = on | {"contents": "initialize: apt-get upgrade -y\n"}
    yield Case(f"devin_update_{NOUN}", "contents", new, live=False, after=60)
    yield Case(f"devin_get_{NOUN}", "blueprint", on, live=False)
    yield Case(f"devin_get_{NOUN}_contents", "link", on, live=False)
    sent = on | {"path": "note.txt", "name": "note"}
    file = yield Case(f"devin_upload_{NOUN}_file", "note", sent, live=False)
    yield Case(f"devin_upload_{NOUN}_file", "same_variable", sent, live=False)
    yield Case(f"devin_list_{NOUN}_files", "one", on, live=False)
    yield Case(f"devin_delete_{NOUN}_file", "deleted", on | {"file_id": file.file_id}, live=False)
    yield Case(f"devin_get_{NOUN}", "not_found", {"blueprint_id": "blueprint-none"}, live=False)
