"""How long imports take, as a ratio to `import pydantic`, and what they must not bring along."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

STATEMENTS = {
    "import devin_tools": "import devin_tools",
    "devin-tools --version": "import sys\nfrom devin_tools.cli import main\nsys.argv[1:] = ['--version']\n"
    "try: main()\nexcept SystemExit: pass",
    "from devin_tools import CreateSession": "from devin_tools import CreateSession",
    "from devin_tools import Client": "from devin_tools import Client",
}
HEAVY = ("httpx", "jsonschema", "rich")
ROUNDS = 15


def seconds(statement: str) -> float:
    """Time a fresh interpreter that runs a statement."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def brought(statement: str) -> list[str]:
    """List the heavy packages a statement imports."""
    code = f"{statement}\nimport sys\nprint(*[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stderr.split()


def main() -> None:
    """Print a line for each statement; an empty interpreter's own start is taken off both sides."""
    samples: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(ROUNDS):
        start = seconds("pass")
        base = seconds("import pydantic; pydantic.BaseModel") - start
        for name, statement in STATEMENTS.items():
            samples[name].append((seconds(statement) - start) / base)
    for name, values in samples.items():
        extra = ", ".join(brought(STATEMENTS[name])) or "none of " + ", ".join(HEAVY)
        print(f"{name:40} {statistics.median(values):5.2f} x import pydantic; brings {extra}")


if __name__ == "__main__":
    main()
