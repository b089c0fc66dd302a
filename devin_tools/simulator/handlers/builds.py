"""Builds: each goes through its states as time passes, unless it is cancelled, and one may be pinned.

A build runs the blueprints as they are when it is asked for. It fails when the YAML of one is broken, which
is seen where PyYAML is installed.
"""

from __future__ import annotations

from typing import Any

from ...api import builds
from ...api.shared.times import iso
from ..handler_faults import as_json
from ..paging import page_of_rows
from ..refusal import Refusal
from ..response import Answer
from ..session_filters import check_enum
from ..world import World
from .blueprints import in_order, link_to

BUILDS = "Build"
LOG = "build.log"
WAITING_SECONDS = 5.0
"""How many seconds a build is pending."""
RUNNING_SECONDS = 120.0
"""How many seconds it runs then."""
PINNABLE_SECONDS = 7 * 86_400.0


def list_builds(world: World, call: builds.ListBuilds) -> dict[str, Any]:
    """List the builds, oldest first."""
    check_enum(("query", "status"), [call.status], builds.BUILD_STATUSES)
    rows = [_shown(world, build) for build in world.store(BUILDS).all()]
    if call.active:
        rows = _active(rows)
    return page_of_rows(
        world.cut_page, ((n, row) for n, row in enumerate(rows) if call.status in (None, row["status"])), call
    )


def start_build(world: World, call: builds.StartBuild) -> Answer:
    """Start a build of the blueprints of the enterprise, the organisation and its repositories."""
    return Answer(201, as_json(_shown(world, _add(world, f"build-{world.new_id()}", "manual", world.now))))


def get_build(world: World, call: builds.GetBuild) -> dict[str, Any]:
    """Return a build."""
    return _shown(world, world.store(BUILDS).find(call.build_id))


def get_logs(world: World, call: builds.GetBuildLogs) -> dict[str, Any]:
    """Return a link to what the build has told by now."""
    build = world.store(BUILDS).find(call.build_id)
    return link_to(world, call.build_id, LOG, _log(world, build))


def cancel_build(world: World, call: builds.CancelBuild) -> dict[str, Any]:
    """Cancel a build that has not ended."""
    build = world.store(BUILDS).find(call.build_id)
    if _status(world, build) in ("pending", "running"):
        build["cancelled_at"] = world.now
    return _shown(world, build)


def pin_build(world: World, call: builds.PinBuild) -> dict[str, Any]:
    """Pin a build in place of any other."""
    build = world.store(BUILDS).find(call.build_id)
    if _status(world, build) != "succeeded":
        raise Refusal(409, "Only a build that has succeeded can be pinned")
    if world.now - build["created_at"] > PINNABLE_SECONDS:
        raise Refusal(409, "A build older than 7 days cannot be pinned")
    for other in world.store(BUILDS).all():
        if other is not build:
            _unpin(world, other)
    if build["pinned_at"] is None:
        build["pinned_at"] = build["changed_at"] = world.now
    return _shown(world, build)


def unpin_build(world: World, call: builds.UnpinBuild) -> Answer:
    """Unpin a build, if it is pinned."""
    _unpin(world, world.store(BUILDS).find(call.build_id))
    return Answer(204)


def _unpin(world: World, build: dict[str, Any]) -> None:
    if build["pinned_at"] is not None:
        build |= {"pinned_at": None, "changed_at": world.now}


def _add(world: World, build_id: str, trigger: str, now: float) -> dict[str, Any]:
    blueprints = [*in_order(world, None), *in_order(world)]
    build = {
        "build_id": build_id,
        "trigger": trigger,
        "created_at": now,
        "steps": [(_named(one), _fault(one["versions"][-1])) for one in blueprints],
        "cancelled_at": None,
        "pinned_at": None,
        "changed_at": now,
    }
    return world.store(BUILDS).add(build_id, build)


def _named(blueprint: dict[str, Any]) -> str:
    of = blueprint["repo_name"] or blueprint["type"]
    return f"{of}, {blueprint['blueprint_id']}, version {len(blueprint['versions'])}"


def _fault(contents: str) -> str | None:
    """Return what is wrong with YAML; `None` for nothing, and where nothing can read it."""
    try:
        import yaml  # of some extras alone
    except ImportError:
        return None
    try:
        root = yaml.compose(contents, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return " ".join(str(error).split())
    except RecursionError:
        return "it is nested too deeply"
    return None if root is None or isinstance(root, yaml.MappingNode) else "it holds no sections"


def _is_broken(build: dict[str, Any]) -> bool:
    return any(fault for _, fault in build["steps"])


def _status(world: World, build: dict[str, Any]) -> str:
    age = world.now - build["created_at"]
    if build["cancelled_at"] is not None:
        return "cancelled"
    if age < WAITING_SECONDS:
        return "pending"
    if age < WAITING_SECONDS + RUNNING_SECONDS:
        return "running"
    return "failed" if _is_broken(build) else "succeeded"


def _times(world: World, build: dict[str, Any]) -> tuple[float | None, float | None]:
    """Return when a build began and ended, where it has by now."""
    end = world.now if build["cancelled_at"] is None else build["cancelled_at"]
    started = build["created_at"] + WAITING_SECONDS
    completed = build["cancelled_at"] or started + RUNNING_SECONDS
    return started if started <= end else None, completed if completed <= end else None


def _shown(world: World, build: dict[str, Any]) -> dict[str, Any]:
    """Return a build as the API sends it."""
    started, completed = _times(world, build)
    return {
        "build_id": build["build_id"],
        "status": _status(world, build),
        "trigger": build["trigger"],
        "pinned": build["pinned_at"] is not None,
        "started_at": None if started is None else int(started),
        "completed_at": None if completed is None else int(completed),
        "created_at": int(build["created_at"]),
        "updated_at": int(max(filter(None, (build["changed_at"], started, completed)))),
        "triggered_by_user_id": None,
    }


def _active(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the build that new sessions start from: the pinned one, else the latest that succeeded."""
    succeeded = [row for row in rows if row["status"] == "succeeded"]
    return [row for row in succeeded if row["pinned"]] or succeeded[-1:]


def _log(world: World, build: dict[str, Any]) -> str:
    """Return what a build has told by now, line by line."""
    started, completed = _times(world, build)
    lines = [f"{iso(build['created_at'])} asked for"]
    if started is not None:
        lines += [f"{iso(started)} running"]
        lines += [f"{iso(started)} {name}: {fault or 'done'}" for name, fault in build["steps"]]
    if completed is not None:
        lines += [f"{iso(completed)} {_status(world, build)}"]
    return "\n".join(lines) + "\n"


def add_sample_builds(world: World, now: float) -> None:
    """Add the one that the tools' examples speak of; it has succeeded, whatever blueprints say since."""
    build = _add(world, f"build-{1:032x}", "auto", now - WAITING_SECONDS - RUNNING_SECONDS)
    build["steps"] = [("acme/shop", None)]
