"""Install devin-tools into an environment of its own, for the action: `action.yml`.

The working folder of a job can hold somebody's pull request. Python runs isolated (`-I`), so that nothing in
that folder is imported in place of what is meant.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def wanted(version: str) -> str:
    """Return what to install: a version from PyPI, or the commit that the action is used at."""
    if not version:
        return str(CHECKOUT)
    if not re.fullmatch(r"[0-9][0-9A-Za-z.!+-]{0,63}", version):
        sys.exit("::error::The input version is not a version, such as 1.2.3.")
    return f"devin-tools=={version}"


def main() -> None:
    """Install, unless an earlier step of the job has."""
    temporary, what = Path(os.environ["RUNNER_TEMP"]), wanted(os.environ.get("VERSION", ""))
    home = temporary / "devin-tools"
    stamp = home / "installed.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == what:
        return
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    make = [sys.executable, "-I", "-m", "venv", "--clear", str(home)]
    quiet = ["--quiet", "--disable-pip-version-check"]
    for command in (make, [str(python), "-I", "-m", "pip", "install", *quiet, what]):
        done = subprocess.run(command, cwd=temporary)
        if done.returncode:
            sys.exit("::error::devin-tools could not be installed.")
    stamp.write_text(what, encoding="utf-8")


if __name__ == "__main__":
    main()
