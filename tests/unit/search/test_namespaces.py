"""Tools in groups that are small enough to be looked at, whatever tools there are."""

from __future__ import annotations

from dataclasses import replace

from support.laws import for_every
from support.tools import built_in

from devin_tools.model_input import for_models
from devin_tools.search.namespaces import MOST_IN_A_NAMESPACE, namespaces
from devin_tools.search.offer import Offer
from devin_tools.spec import Spec


def lists() -> dict[str, list[Spec]]:
    one = built_in().spec("devin_list_secrets")
    return {
        "all": list(built_in()),
        "for models": for_models(built_in()),
        "deferred": list(Offer(for_models(built_in())).deferred.values()),
        "many of one": [replace(one, name=f"devin_list_{number}") for number in range(40)],
        "a resource called as a part of another": [
            *built_in(),
            replace(one, name="x_read", resource="sessions_read"),
            replace(one, name="x_change", resource="sessions_change"),
        ],
        "tools called as namespaces": [
            replace(one, name=name)
            for name in ("devin_secrets", "devin_secrets_tools", "devin_secrets_tools_2")
        ],
        "none": [],
    }


@for_every("name", lists)
def test_each_tool_is_in_one_namespace_of_few(name: str) -> None:
    specs = lists()[name]
    found = namespaces(specs)
    assert sorted(spec.name for group in found.values() for spec in group) == sorted(s.name for s in specs)
    assert all(0 < len(group) <= MOST_IN_A_NAMESPACE for group in found.values())
    assert not found.keys() & {spec.name for spec in specs}


def test_a_namespace_holds_what_belongs_together() -> None:
    found = namespaces(built_in())
    assert {spec.name for spec in found["devin_secrets"]} == {
        "devin_list_secrets", "devin_create_secret", "devin_delete_secret"
    }  # fmt: skip
    assert all(spec.effect.only_reads for spec in found["devin_sessions_read"])
    assert not any(spec.effect.only_reads for spec in found["devin_sessions_change"])


def test_a_namespace_is_never_called_as_a_tool_is() -> None:
    spec = replace(built_in().spec("devin_list_secrets"), name="devin_secrets")
    assert [*namespaces([spec])] == ["devin_secrets_tools"]
