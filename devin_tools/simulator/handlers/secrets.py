"""Secrets: they are created and deleted; no answer holds a value."""

from __future__ import annotations

from typing import Any

from ...api import secrets
from ..refusal import Refusal
from ..session_filters import check_enum
from ..world import SERVICE_USER_ID, World

SECRETS = "Secret"


def list_secrets(world: World, call: secrets.ListSecrets) -> dict[str, Any]:
    """List the secrets."""
    return world.store(SECRETS).page(world.cut_page, call)


def create_secret(world: World, call: secrets.CreateSecret) -> dict[str, Any]:
    """Create a secret. What two of one name would be is not documented: here the second is refused."""
    check_enum(("body", "type"), [call.secret_type], secrets.KINDS)
    if any(secret["key"] == call.key for secret in world.store(SECRETS).all()):
        raise Refusal(409, "A secret of this key exists")
    return _add(world, f"secret-{world.new_id()[:16]}", call, world.now)


def _add(world: World, secret_id: str, call: secrets.CreateSecret, now: float) -> dict[str, Any]:
    secret = {
        "secret_id": secret_id,
        "key": call.key,
        "note": call.note,
        "secret_type": call.secret_type,
        "access_type": "org",
        "is_sensitive": call.is_sensitive,
        "created_by": SERVICE_USER_ID,
        "updated_by": None,
        "created_at": int(now),
        "updated_at": None,
    }
    return world.store(SECRETS).add(secret_id, secret)


def delete_secret(world: World, call: secrets.DeleteSecret) -> dict[str, Any]:
    """Delete a secret; return what there was to know of it.

    One that is not there is refused with 403, as the vendor's acceptance tests expect.
    """
    if not any(secret["secret_id"] == call.secret_id for secret in world.store(SECRETS).all()):
        raise Refusal(403, "You do not have access to this secret")
    return world.store(SECRETS).remove(call.secret_id)


def add_sample_secrets(world: World, now: float) -> None:
    """Add one that somebody changed since, and whose value nothing ever shows."""
    given = {"key": "SAMPLE_TOKEN", "value": "none", "type": "key-value", "note": "Of the samples."}
    secret = secrets.CreateSecret.model_validate(given)
    _add(world, f"secret-{1:016x}", secret, now).update(updated_by=SERVICE_USER_ID, updated_at=int(now))
