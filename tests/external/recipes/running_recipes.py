"""Each recipe's environment, and running it there against the MCP server."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

__all__ = ["RECIPES", "VENVS", "Recipe", "run"]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
VENVS = ROOT / "build" / "venvs"
SECONDS = 300


@dataclass(frozen=True)
class Recipe:
    """What to install: the framework, the `mcp` it works with, and what it does not ask for itself."""

    framework: str
    mcp: str
    also: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """The framework's name on the package index."""
        return self.framework.partition("[")[0]

    @property
    def requirements(self) -> list[str]:
        """What pip installs besides this package."""
        return [self.framework, self.mcp, *self.also]


RECIPES = {
    "agent_framework": Recipe("agent-framework-core", "mcp>=2,<3", ("tenacity",)),
    "ag2": Recipe("ag2[mcp]", "mcp>=2,<3"),
    "smolagents": Recipe("smolagents[mcp]", "mcp<2", ("websockets",)),
    "agno": Recipe("agno[mcp]", "mcp>=2,<3"),
    "strands": Recipe("strands-agents", "mcp<2.2"),
    "google_adk": Recipe("google-adk", "mcp<3"),
    "haystack": Recipe("haystack-ai", "mcp<3", ("mcp-haystack",)),
    "dspy": Recipe("dspy", "mcp<3"),
    "semantic_kernel": Recipe("semantic-kernel[mcp]", "mcp<2"),
}


def python_of(name: str, venvs: Path = VENVS) -> Path:
    """Make the environment of a recipe, or use the one that is there."""
    folder = venvs / f"recipe-{name}"
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "-e", f"{ROOT}[mcp]", *RECIPES[name].requirements]
    subprocess.run(install, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return python


def versions(name: str, python: Path) -> str:
    """Tell which versions of the framework and of `mcp` are installed."""
    packages = (RECIPES[name].package, "mcp")
    code = f"from importlib.metadata import version\nfor name in {packages}: print(name, version(name))"
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return ", ".join(done.stdout.splitlines())


def run(name: str, venvs: Path = VENVS) -> tuple[bool, str]:
    """Run a recipe; give whether it did as it says, and the line that tells it."""
    try:
        python = python_of(name, venvs)
        env = {key: value for key, value in os.environ.items() if not key.startswith("DEVIN_")}
        env["PATH"] = f"{python.parent}{os.pathsep}{env['PATH']}"
        script = [python, HERE / f"recipe_{name}.py"]
        done = subprocess.run(script, env=env, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.CalledProcessError as error:
        return False, f"{name}: failed, pip says: {_last_line(error.stdout)}"
    except subprocess.TimeoutExpired:
        return False, f"{name}: failed, no answer in {SECONDS} seconds"
    outcome = "ok" if done.returncode == 0 else f"failed, {_last_line(done.stderr)}"
    return done.returncode == 0, f"{name}: {outcome} ({versions(name, python)})"


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["nothing"])[-1]
