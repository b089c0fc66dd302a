"""Bundle what the console takes from npm, or check that the bundle is what it should be.

    python tests/external/console/vendor.py [--check]

Needs npm. The versions are those of tests/external/console/form/package-lock.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "form"
VENDOR = Path(__file__).parents[3] / "devin_tools" / "server" / "console" / "assets" / "vendor"
LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "license", "license.md")
OPTIONS = (
    "--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none",
    '--define:process.env.NODE_ENV="production"',
)  # fmt: skip


def bundle(folder: Path) -> dict[str, bytes]:
    """Return the files of the vendor folder."""
    for name in ("package.json", "package-lock.json", "entry.js"):
        (folder / name).write_bytes((HERE / name).read_bytes())
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    made, inputs = folder / "form.js", folder / "inputs.json"
    esbuild = folder / "node_modules" / ".bin" / "esbuild"
    command = [
        esbuild,
        "entry.js",
        *OPTIONS,
        f"--outfile={made}",
        f"--metafile={inputs}",
        "--log-level=error",
    ]
    subprocess.run(command, cwd=folder, check=True)
    used = json.loads(inputs.read_text(encoding="utf-8"))["inputs"]
    return {"form.js": made.read_bytes(), "licences.txt": licences(folder, used).encode()}


def licences(folder: Path, used: dict[str, object]) -> str:
    """Gather the licences of all packages that the bundle holds."""
    names = sorted({package_of(path) for path in used if path.startswith("node_modules/")})
    parts = ["Licences of the packages in form.js.\n"]
    for name in names:
        home = folder / "node_modules" / name
        about = json.loads((home / "package.json").read_text(encoding="utf-8"))
        text = next((home / file for file in LICENCES if (home / file).is_file()), None)
        licence = text.read_text(encoding="utf-8") if text else f"Licence: {about.get('license')}\n"
        parts.append(f"\n---- {name} {about['version']}\n\n{licence}")
    return "".join(parts)


def package_of(path: str) -> str:
    """Name the package that a file is of."""
    parts = path.rpartition("node_modules/")[2].split("/")
    return "/".join(parts[:2]) if parts[0].startswith("@") else parts[0]


def main() -> int:
    """Write the bundle, or compare it."""
    with tempfile.TemporaryDirectory() as temporary:
        made = bundle(Path(temporary))
    if "--check" in sys.argv[1:]:
        stale = [name for name, content in made.items() if (VENDOR / name).read_bytes() != content]
        print("stale: " + ", ".join(stale) if stale else "current")
        return 1 if stale else 0
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (VENDOR / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
