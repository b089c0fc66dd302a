"""The module of a resource imports no other that it does not use: a process loads what it calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from support.laws import for_every
from support.paths import PACKAGE
from support.sources import tree_of


@cache
def resources() -> tuple[str, ...]:
    """Return the modules of resources by their names within the package: `api.sessions`."""
    return tuple(f"api.{path.stem}" for path in sorted((PACKAGE / "api").glob("[a-z]*.py")))


def path_of(module: str) -> Path | None:
    """Return the file of a module; `None` for what is not a module, such as a name in one."""
    place = PACKAGE.joinpath(*module.split("."))
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported: none of functions, and none for types."""
    for node in body:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            yield from at_import(node.orelse)
            continue
        for part in ("body", "orelse", "finalbody"):
            yield from at_import(getattr(node, part, []))
        for handler in getattr(node, "handlers", []):
            yield from at_import(handler.body)


@cache
def imports(module: str) -> dict[str, frozenset[str]]:
    """Return what importing a module imports of this package, and the names that it takes from each."""
    path = path_of(module)
    assert path is not None, module
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    above = package.split(".") if package else []
    found: dict[str, set[str]] = {}
    for node in at_import(tree_of(path).body):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join([*above[: len(above) + 1 - node.level], *(node.module or "").split(".")]).strip(
                "."
            )
            for alias in node.names:
                inner = f"{base}.{alias.name}".strip(".")
                home = inner if path_of(inner) else base
                found.setdefault(home, set()).add(alias.asname or alias.name)
    return {home: frozenset(names) for home, names in found.items()}


@cache
def loaded(module: str) -> frozenset[str]:
    """Return all modules that importing one imports, with the packages that they are in."""
    seen: set[str] = set()
    left = [module]
    while left:
        if (one := left.pop()) not in seen and path_of(one):
            seen.add(one)
            parents = one.split(".")[:-1]
            left += [*imports(one), *(".".join(parents[:count]) for count in range(1, len(parents) + 1))]
    return frozenset(seen)


def used_at_import(module: str) -> set[str]:
    """Return the names that a module uses when it is imported, and those that it hands on.

    Annotations of classes count, as pydantic reads them, and so do the defaults and decorators of functions.
    """
    path = path_of(module)
    assert path is not None
    used: set[str] = set()
    for node in at_import(tree_of(path).body):
        parts: list[ast.AST] = [node]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        elif isinstance(node, ast.ClassDef):
            parts = [*node.bases, *node.keywords, *node.decorator_list]
        elif isinstance(node, ast.ImportFrom):
            used |= {alias.name for alias in node.names if alias.asname == alias.name}
            continue
        elif not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
            continue
        used |= {name.id for part in parts for name in ast.walk(part) if isinstance(name, ast.Name)}
    return used


@for_every("module", resources)
def test_a_resource_s_module_uses_what_it_imports_of_others_when_it_is_imported(module: str) -> None:
    for other in sorted(imports(module).keys() & set(resources())):
        unused = imports(module)[other] - used_at_import(module)
        assert imports(module)[other] - unused, (
            f"{module} imports {other} for {', '.join(sorted(unused))}, which only its functions use: "
            "import it in them"
        )


@for_every("module", resources)
def test_a_resource_s_module_loads_no_other_than_those_it_uses(module: str) -> None:
    allowed, left = {module}, [module]
    while left:
        new = (imports(left.pop()).keys() & set(resources())) - allowed
        allowed |= new
        left += new
    assert loaded(module) & set(resources()) == allowed, "what it stands on imports more"


def test_what_all_resources_and_clients_stand_on_loads_none() -> None:
    for module in ("tool", "paging.pages", "api.shared.once", "client.sync_client", "client.async_client"):
        assert not loaded(module) & set(resources()), module


def test_these_laws_see_what_a_module_imports() -> None:
    assert {"api.session", "api.shared.fields", "paging", "tool", "wire"} <= imports("api.sessions").keys()
    assert {"errors", "moved", "paging.brief", "text.encoding"} <= loaded("api.sessions")
    assert loaded("api.create_session") & set(resources()) == {"api.create_session", "api.session"}
    assert "OnSession" in used_at_import("api.sessions") and "ListSessions" not in used_at_import(
        "api.create_session"
    )
