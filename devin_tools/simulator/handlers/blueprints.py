"""Blueprints with the versions of their YAML, and their files; the one of the enterprise is kept alike."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Any

from ...api import blueprints
from ...api.builds import MANAGE as MANAGE_SNAPSHOTS
from ..handler_faults import as_json
from ..refusal import Refusal
from ..response import Answer
from ..world import World

BLUEPRINTS = "Blueprint"
YAML = "blueprint.yaml"
LINK_SECONDS = 600.0
"""How many seconds a link to YAML or to a log is good (the vendor's reference)."""


def list_blueprints(world: World, call: blueprints.ListBlueprints) -> dict[str, Any]:
    """List the blueprints of the organisation and its repositories."""
    return {"data": [shown(one) for one in in_order(world) if call.repo_name in (None, one["repo_name"])]}


def create_blueprint(world: World, call: blueprints.CreateBlueprint) -> Answer:
    """Create a blueprint. A second one for a repository, or for all, is not documented: it is taken."""
    _check_tier(world, call.repo_name)
    kind = "repo" if call.repo_name else "org"
    blueprint = add(world, f"blueprint-{world.new_id()}", kind, call.repo_name, call.contents, world.now)
    return Answer(201, as_json(shown(blueprint)))


def get_blueprint(world: World, call: blueprints.GetBlueprint) -> dict[str, Any]:
    """Return a blueprint."""
    return shown(find(world, call.blueprint_id))


def update_blueprint(world: World, call: blueprints.UpdateBlueprint) -> dict[str, Any]:
    """Add a version of the YAML, or move a blueprint of a repository."""
    blueprint = find(world, call.blueprint_id)
    _check_tier(world, blueprint["repo_name"])
    if call.contents is None and call.position is None:
        raise Refusal(400, "The body is empty")
    if call.position is not None:
        if blueprint["type"] != "repo":
            raise Refusal(400, "Only a blueprint of a repository has a position")
        blueprint |= {"position": call.position, "updated_at": int(world.now)}
    return shown(blueprint) if call.contents is None else rewritten(world, blueprint, call.contents)


def delete_blueprint(world: World, call: blueprints.DeleteBlueprint) -> Answer:
    """Delete a blueprint with its files."""
    _check_tier(world, find(world, call.blueprint_id)["repo_name"])
    return removed(world, call.blueprint_id)


def get_blueprint_contents(world: World, call: blueprints.GetBlueprintContents) -> dict[str, Any]:
    """Return a link to the latest version."""
    blueprint = find(world, call.blueprint_id)
    return link_to(world, blueprint["blueprint_id"], YAML, blueprint["versions"][-1])


def list_files(world: World, call: blueprints.ListBlueprintFiles) -> dict[str, Any]:
    """List the files of a blueprint."""
    return {"data": list(find(world, call.blueprint_id)["files"].values())}


def upload_file(world: World, call: blueprints.UploadBlueprintFile) -> Answer:
    """Keep a file; refuse one whose variable is that of another."""
    blueprint, path, file_id = find(world, call.blueprint_id), Path(call.path), f"file-{world.new_id()}"
    file = add_file(blueprint, file_id, call.name, path.stat().st_size, world.now)
    kind = mimetypes.guess_type(call.name)[0] or "application/octet-stream"
    world.files.keep(file_id, call.name, path, kind)
    return Answer(201, as_json(file))


def delete_file(world: World, call: blueprints.DeleteBlueprintFile) -> Answer:
    """Delete a file of a blueprint; its variable is free again."""
    if find(world, call.blueprint_id)["files"].pop(call.file_id, None) is None:
        raise Refusal(404, "File not found")
    return Answer(204)


def add(
    world: World, blueprint_id: str, kind: str, repo_name: str | None, contents: str | None, now: float
) -> dict[str, Any]:
    """Keep a new blueprint, which comes after all others."""
    blueprint: dict[str, Any] = {
        "blueprint_id": blueprint_id,
        "type": kind,
        "repo_name": repo_name,
        "created_at": int(now),
        "updated_at": int(now),
        "position": len(world.store(BLUEPRINTS).all()),
        "versions": [contents or ""],
        "files": {},
    }
    return world.store(BLUEPRINTS).add(blueprint_id, blueprint)


def find(world: World, blueprint_id: str) -> dict[str, Any]:
    """Return a blueprint of the request's scope; refuse with 404."""
    return world.store(BLUEPRINTS).find(blueprint_id)


def in_order(world: World, *of: str | None) -> list[dict[str, Any]]:
    """Return the blueprints of a scope in the order in which a build runs them."""
    return sorted(
        world.store(BLUEPRINTS, *of).all(), key=lambda one: (one["type"] == "repo", one["position"])
    )


def add_file(blueprint: dict[str, Any], file_id: str, name: str, size: int, now: float) -> dict[str, Any]:
    """Add a file to a blueprint. How the API makes the name of its variable is not documented."""
    variable = "FILE_" + re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").upper()
    if any(file["env_var_name"] == variable for file in blueprint["files"].values()):
        raise Refusal(409, f"Another file of this blueprint goes by {variable}")
    file = {
        "file_id": file_id,
        "blueprint_id": blueprint["blueprint_id"],
        "name": name,
        "env_var_name": variable,
        "size_bytes": size,
        "created_at": int(now),
        "updated_at": int(now),
    }
    blueprint["files"][file_id] = file
    return file


def rewritten(world: World, blueprint: dict[str, Any], contents: str) -> dict[str, Any]:
    """Add a version of a blueprint's YAML, and return the blueprint. No build starts."""
    blueprint["versions"].append(contents)
    blueprint["updated_at"] = int(world.now)
    return shown(blueprint)


def removed(world: World, blueprint_id: str) -> Answer:
    """Delete a blueprint with its files."""
    world.store(BLUEPRINTS).remove(blueprint_id)
    return Answer(204)


def link_to(world: World, of: str, name: str, text: str) -> dict[str, Any]:
    """Keep a text as a file of that name, and return a link to it."""
    world.files.keep(of, name, text.encode(), "text/plain; charset=utf-8")
    url = world.files.link(of, name, world.new_id(), world.now, LINK_SECONDS)
    return {"url": url, "expires_at": int(world.now + LINK_SECONDS)}


def shown(blueprint: dict[str, Any]) -> dict[str, Any]:
    """Return a blueprint as the API sends it."""
    return {name: value for name, value in blueprint.items() if name not in ("position", "versions", "files")}


def _check_tier(world: World, repo_name: str | None) -> None:
    """Refuse a change of the blueprint for all repositories to who may change those of single ones."""
    if repo_name is None and not world.principal.may(MANAGE_SNAPSHOTS, world.scope):
        raise Refusal(403, f"A blueprint of all repositories needs the permission '{MANAGE_SNAPSHOTS}'")


SAMPLE, SAMPLE_FILE = f"blueprint-{1:032x}", f"file-{1:032x}"
SHOP = """initialize:
  - name: Install pnpm
    run: npm install -g pnpm
maintenance: pnpm install
knowledge:
  - name: test
    contents: make test
"""


def add_sample_blueprints(world: World, now: float) -> None:
    """Add the one that the tools' examples speak of, of a repository, with a file, and one for all."""
    shop = add(world, SAMPLE, "repo", "acme/shop", SHOP, now)
    add_file(shop, SAMPLE_FILE, "pip.conf", 58, now)
    add(world, f"blueprint-{2:032x}", "org", None, "initialize: apt-get install -y ripgrep\n", now)
