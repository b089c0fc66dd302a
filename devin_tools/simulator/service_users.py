"""The service users of a simulated enterprise, and their keys, which open what their roles permit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from . import roles
from .clock import EPOCH
from .paging import page_of_rows
from .principals import KNOWN, ORG_ID, Principal, Token
from .refusal import Refusal
from .store import Resource, ResourceStore
from .world import World

NOUN: roles.Kind = "Service user"


def service_users(world: World) -> ResourceStore:
    """Return all service users: those that keys of the simulator stand for are there from the beginning."""
    store = world.store(NOUN, None)
    if not store.all():
        for number, one in enumerate((Principal(), *KNOWN.values()), 1):
            _furnish(world, store, number, one)
    return store


def _furnish(world: World, store: ResourceStore, number: int, one: Principal) -> None:
    """Add one with a role and a key, which nobody is told."""
    user = _add(store, one.service_user_id, one.name, None)
    roles.put(world, NOUN, one.service_user_id, *_first_role(one))
    _keep(world, user, f"cog_{number:032x}", f"apikey-{number:032x}", "The first", EPOCH, None)


def _first_role(one: Principal) -> tuple[str, str | None]:
    """Return the role that one of the beginning has, and where."""
    return ("role-enterprise-admin", None) if one.is_of_enterprise else ("role-admin", ORG_ID)


def by_now(world: World, one: Principal) -> Principal:
    """Return one of the beginning as calls have left it: with other roles, or refused with 401 as removed."""
    user = service_users(world).find(one.service_user_id)
    has = [(given["role"]["role_id"], given["org_id"]) for given in shown(world, user)["role_assignments"]]
    if has == [_first_role(one)] and user["deleted_at"] is None:
        return one
    if (changed := _principal(world, user, world.now)) is None:
        raise Refusal(401, f"Invalid API key: its {NOUN.lower()} was removed")
    return changed


def _add(store: ResourceStore, service_user_id: str, name: str, expires_at: int | None) -> Resource:
    user = {"service_user_id": service_user_id, "name": name, "expires_at": expires_at, "deleted_at": None}
    return store.add(service_user_id, user)


def is_active(user: Resource, now: float) -> bool:
    """Return whether a service user is there and has not expired."""
    return user["deleted_at"] is None and (user["expires_at"] is None or user["expires_at"] > now)


def find_there(world: World, service_user_id: str) -> Resource:
    """Return a service user that was not removed; refuse with 404."""
    user = service_users(world).find(service_user_id)
    if user["deleted_at"] is not None:
        raise Refusal(404, f"{NOUN} not found")
    return user


def is_service_user(world: World, service_user_id: str) -> bool:
    """Return whether the request's scope has such a service user, be it removed by now."""
    everywhere = service_users(world)  # with those of the beginning come their roles
    if world.scope is None:
        return everywhere.has(service_user_id)
    return roles.role_id_of(world, NOUN, service_user_id, world.scope) is not None


def shown(world: World, user: Resource) -> dict[str, Any]:
    """Return a service user as answers show it."""
    return {**user, "role_assignments": roles.assignments(world, NOUN, user["service_user_id"])}


def page(world: World, call: Any, test: Callable[[Resource], bool] = bool) -> dict[str, Any]:
    """Cut one page of the service users that pass a test; inactive ones only where they are asked for."""
    rows = (
        (number, shown(world, user))
        for number, user in enumerate(service_users(world).all())
        if test(user) and (call.include_inactive or is_active(user, world.now))
    )
    return page_of_rows(world.cut_page, rows, call)


def provision(world: World, call: Any, scope: str | None) -> dict[str, Any]:
    """Make a service user with a role in a scope, and its first key."""
    roles.require_role(call.role_id, scope)
    store = service_users(world)
    expires_at = int(world.now) + call.ttl_seconds
    user = _add(store, f"service-user-{world.new_id()}", call.name, expires_at)
    roles.put(world, NOUN, user["service_user_id"], call.role_id, scope)
    return {"service_user": shown(world, user), "token": mint(world, user, call.name, expires_at)["token"]}


def mint(world: World, user: Resource, name: str, expires_at: int | None) -> dict[str, Any]:
    """Make a key of a service user, and return what is shown once."""
    token, api_key_id = f"cog_{world.new_id()}", f"apikey-{world.new_id()}"
    _keep(world, user, token, api_key_id, name, world.now, expires_at)
    return {"api_key_id": api_key_id, "api_key_name": name, "token": token}


def _keep(
    world: World,
    user: Resource,
    token: str,
    api_key_id: str,
    name: str,
    created_at: float,
    expires_at: int | None,
) -> None:
    world.tokens[token] = Token(
        api_key_id, name, user["service_user_id"], created_at, partial(_principal, world, user), expires_at
    )


def _principal(world: World, user: Resource, now: float) -> Principal | None:
    """Return who a key of a service user stands for, by the roles that it has by now."""
    if not is_active(user, now):
        return None
    service_user_id = user["service_user_id"]
    there = [one["org_id"] for one in roles.assignments(world, NOUN, service_user_id)]
    org_id = there[0] if len(there) == 1 else None
    permissions = partial(roles.permissions_of, world, NOUN, service_user_id)
    return Principal(service_user_id, user["name"], org_id, None in there, by_scope=permissions)


def tokens_of(world: World, service_user_id: str) -> list[Token]:
    """List the keys of a service user that was not removed, oldest first; refuse with 404."""
    find_there(world, service_user_id)
    return [token for token in world.tokens.values() if token.service_user_id == service_user_id]


def token_of(world: World, service_user_id: str, api_key_id: str) -> Token:
    """Return a key of a service user; refuse with 404."""
    for token in tokens_of(world, service_user_id):
        if token.api_key_id == api_key_id:
            return token
    raise Refusal(404, "API key not found")


def status_of(world: World, token: Token) -> str:
    """Return whether a key is `active`, `revoked` or `expired`: with its service user it expires too."""
    if token.revoked_at is not None:
        return "revoked"
    user = service_users(world).find(token.service_user_id)
    return "active" if token.is_active(world.now) and is_active(user, world.now) else "expired"


def shown_key(world: World, token: Token) -> dict[str, Any]:
    """Return what answers show of a key: never the key itself."""
    times = ("created_at", "expires_at", "last_used_at", "revoked_at")
    moments = {name: getattr(token, name) for name in times}
    return {
        "api_key_id": token.api_key_id,
        "api_key_name": token.name,
        **{name: None if moment is None else int(moment) for name, moment in moments.items()},
        "is_active": status_of(world, token) == "active",
    }
