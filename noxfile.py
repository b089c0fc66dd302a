"""The groups of tests that need a foreign system, each in an environment of its own.

    nox -l                 every group, with what it is
    nox -s n8n temporal    these groups
    nox -s changed         what CI runs: the groups whose inputs changed since their last green run
    nox -t external        every group, whatever changed: before a release

`tests/external/groups.py` says what a group needs and depends on; a green run is recorded under
`tests/external/records/`, to be committed.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import nox

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tests"))

from external.groups import GROUPS, Group  # noqa: E402
from external.records import owed, write  # noqa: E402

nox.options.sessions = ["changed"]
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True

NPM_OVERRIDES = {"xlsx": "0.18.5"}
"""Packages that others want from outside the registry of npm."""


@nox.session(venv_backend="none")
def changed(session: nox.Session) -> None:
    """Run the groups of CI whose inputs changed since their last green run; name what a person has to run."""
    for name, group in GROUPS.items():
        if not (reason := owed(name, group)):
            print(f"  {name}: unchanged since its last green run")
        elif group.in_ci:
            print(f"* {name}: {reason}")
            session.notify(name)
        else:
            print(f"  {name}: {reason}; CI does not run it: nox -s {name}")


def add(name: str, group: Group) -> None:
    """Make the session of a group."""

    def run(session: nox.Session) -> None:
        home = Path(session.virtualenv.location) / "home"
        home.mkdir(exist_ok=True)
        install(session, group)
        install_npm(session, group, home)
        report = home / "report.xml"
        command = ["pytest", "-rs", f"--junitxml={report}", *group.options, *group.tests]
        if group.script:
            command = ["python", group.script]
        session.run(*command, *session.posargs, env={"DEVIN_TOOLS_BUILDER": str(home)})
        if not session.posargs:
            record(session, name, group, report)

    run.__doc__ = group.about
    nox.session(name=name, tags=["external"])(run)


def install(session: nox.Session, group: Group) -> None:
    """Install this package with its extras, and what the group needs besides."""
    extras = group.extras if group.is_bare else ("test", *group.extras)
    own = f".[{','.join(extras)}]" if extras else "."
    packages = [package for package in group.packages if not package.startswith("./")]
    folders = [package for package in group.packages if package.startswith("./")]
    if group.is_wheel:
        session.install(own, *packages, *folders)
        session.install("--no-deps", "--force-reinstall", ".", *folders)  # as they are now
    else:
        session.install("-e", own, *packages, *folders)


def install_npm(session: nox.Session, group: Group, home: Path) -> None:
    """Install packages of npm beside the environment."""
    if not group.npm:
        return
    if shutil.which("npm") is None:
        session.error("npm is not there: install Node.js")
    wanted = {"private": True, "dependencies": dict(group.npm), "overrides": NPM_OVERRIDES}
    (home / "package.json").write_text(json.dumps(wanted), encoding="utf-8")
    with session.chdir(home):
        quiet = ["--no-audit", "--no-fund", "--silent"]
        session.run("npm", "install", "--ignore-scripts", *quiet, external=True)
        if group.compiled is not None:
            session.run("npm", "rebuild", group.compiled, "--silent", external=True)


def record(session: nox.Session, name: str, group: Group, report: Path) -> None:
    """Record a green run."""
    skipped = [False]
    if not group.script:
        cases = ElementTree.parse(report).getroot().iter("testcase")
        skipped = [case.find("skipped") is not None for case in cases]
    version = f"Python {'.'.join(map(str, sys.version_info[:2]))}"
    passed = skipped.count(False)
    why_not = write(name, group, passed=passed, skipped=skipped.count(True), versions=version)
    session.log(f"{passed} passed; " + (f"not recorded: {why_not}" if why_not else "recorded"))


for _name, _group in GROUPS.items():
    add(_name, _group)
