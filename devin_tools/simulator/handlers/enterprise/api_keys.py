"""The keys of service users: made, rotated and revoked, and shown once."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import api_keys
from ....api.enterprise.api_keys import STATUSES
from ...refusal import Refusal
from ...service_users import find_there, mint, shown_key, status_of, token_of, tokens_of
from ...session_filters import check_enum
from ...world import World


def list_service_user_keys(world: World, call: api_keys.ListServiceUserKeys) -> dict[str, Any]:
    """List the keys; those that are active, unless the request says more."""
    check_enum(("query", "status"), [call.status], STATUSES)
    wanted = call.status or "active"
    found = [
        shown_key(world, token)
        for token in tokens_of(world, call.service_user_id)
        if wanted in ("all", status_of(world, token))
    ]
    return {"items": found}


def create_service_user_key(world: World, call: api_keys.CreateServiceUserKey) -> dict[str, Any]:
    """Make another key."""
    expires_at = _future("expires_at", call.expires_at, world.now)
    return mint(world, find_there(world, call.service_user_id), call.name, expires_at)


def revoke_service_user_key(world: World, call: api_keys.RevokeServiceUserKey) -> dict[str, Any]:
    """Revoke a key. One that is revoked already stays as it is: nothing tells what the API does with it."""
    token = token_of(world, call.service_user_id, call.api_key_id)
    token.revoked_at = world.now if token.revoked_at is None else token.revoked_at
    return shown_key(world, token)


def rotate_service_user_key(world: World, call: api_keys.RotateServiceUserKey) -> dict[str, Any]:
    """Make a key of the same name, and revoke the old one unless the request says otherwise."""
    old = token_of(world, call.service_user_id, call.api_key_id)
    if status_of(world, old) != "active":
        raise Refusal(400, "The API key is not active")
    expires_at = _future("new_key_expires_at", call.new_key_expires_at, world.now)
    if call.revoke_current:
        old.revoked_at = world.now
    return mint(world, find_there(world, call.service_user_id), old.name, expires_at)


def _future(name: str, moment: Any, now: float) -> int | None:
    """Return a moment to come; refuse any other with 422."""
    if moment is not None and moment <= now:
        error = {"loc": ["body", name], "msg": "must be in the future", "type": "value_error"}
        raise Refusal(422, "The request is not valid", [error])
    return None if moment is None else int(moment)
