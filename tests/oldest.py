"""Run the tests of declarations and schemas with the oldest pydantic that the core allows.

    python tests/oldest.py [pytest's own options]

Several agent frameworks hold pydantic back, and old versions write schemas in other words. The environment
is made under build/, and later runs use it again.
"""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = (
    "spec", "tool", "codec", "completeness", "roundtrip", "flavours", "dialects", "payloads", "openapi",
    "generated", "dispatch", "for_models", "adapters", "client", "readme",
)  # fmt: skip


def oldest() -> str:
    """Read the lower bound from the project's own requirements."""
    found = re.search(r'"pydantic>=([\d.]+)', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert found
    return f"pydantic=={found[1]}.*"


def main() -> int:
    """Make the environment and run the tests there; give their exit code."""
    folder = ROOT / "build" / "venvs" / "oldest"
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "-e", f"{ROOT}[test]", oldest()]
    subprocess.run(install, check=True)
    print(f"== {oldest()}", flush=True)
    files = [ROOT / "tests" / f"test_{name}.py" for name in FILES]
    return subprocess.run([python, "-m", "pytest", *files, *sys.argv[1:]], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
