"""Names for files that somebody else named, and the names that nothing is sent from or saved under.

A file that was fetched must not become part of a program by its name. So a name is taken as it is when
its ending is that of plain data and no common program is known to look for it; whatever a program would
pick up by itself (`conftest.py`, `Makefile`, `setup.cfg`, `x.desktop`) has another ending, or none. The
list is of what is allowed, so that what nobody thought of is refused too.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection

MAX_NAME = 200
"""The longest name to save under, in bytes: most file systems take 255, and room is left for a number."""

DEVICES = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:[.:]|$)")
"""Names that stand for devices on Windows, whatever their ending."""

SHORT = re.compile(r"[^.]{1,7}~[0-9]{1,6}(?:\.[^.]{0,3})?")
"""The second, short name that Windows gives to a file: `git~1` is `.git`."""

UNSAFE = frozenset('<>:"/\\|?*')

DATA = frozenset(
    re.findall(
        r"\w+",
        """
        txt text md csv tsv json jsonl ndjson log out err patch diff html htm pdf rtf docx xlsx pptx
        odt ods odp epub png jpg jpeg gif webp bmp tif tiff ico heic avif svg mp3 wav ogg oga flac
        m4a mp4 m4v webm mov mkv avi srt vtt ttf otf woff woff2 zip tar gz tgz bz2 xz zst 7z bin dat
        data parquet avro arrow feather npy npz sqlite sqlite3 har trace ipynb bib geojson download
        """,
    )
)
"""The endings of files that no program opens by itself."""

PICKED_UP = re.compile(
    r"(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.txt"
    r"|(?:cmakelists|conanfile|entry_points|top_level|dependency_links|meson_options|runtime|llms)\.txt"
    r"|(?:agents?|claude|gemini|skill|devin|warp|memory|conventions|copilot-instructions)(?:\..*)?\.md"
    r"|.*\.(?:instructions|prompt|agent|chatmode|mdc)\.md"
    r"|index\.html?"
    r"|.*(?:conf|config|configuration|settings|rc|lock|shrinkwrap|manifest|secrets|credentials|options"
    r"|compose|presets|bake|workspace|import[-_]?map|compile_commands)(?:[-_.].*)?\.json"
    r"|.*\.(?:tf|tfvars|pkr|nomad|deps|schema-store|mcp|service|workflow)\.json"
    r"|(?:package|composer|bower|lerna|nx|turbo|rush|project|angular|deno|jsr|vercel|now|firebase|netlify|app"
    r"|eas|cdk|serverless|function|host|global|launch|tasks|extensions|devcontainer|renovate|biome|dprint"
    r"|nodemon|nest-cli|components|mcp|ecosystem|pm2|process|openapitools|platformio|library|vcpkg|cspell"
    r"|tslint|eslint|stylelint|babel|jest|karma|typedoc|dub|elm|esy|module|plugin|hooks|policy|buildspec"
    r"|pubspec|sfdx-project|keybindings|snippets|local|env)(?:[-_.].*)?\.json"
)
"""Names with the ending of data that programs, and agents, are known to look for."""


def why_not_plain(part: str) -> str | None:
    """Return why a part of a path is hidden, or may be another name of a hidden file; `None` for a plain one.

    File systems take several spellings for one name: letters of either case, characters that do not
    show, dots and spaces at the end, short names.
    """
    shown = (char for char in unicodedata.normalize("NFKC", part) if unicodedata.category(char)[0] != "C")
    bare = "".join(shown).strip(" ")
    if bare.startswith("."):
        return "is hidden (it begins with a dot): such files can hold keys, or tell programs what to run"
    bare = bare.rstrip(" .")
    if not bare:
        return "is empty"
    if SHORT.fullmatch(bare):
        return "looks like a short name of Windows, which can stand for a hidden file"
    if DEVICES.match(bare):
        return "is the name of a device on Windows"
    if ":" in part and os.name == "nt":
        return "names a stream within a file"
    return None


def why_not_a_folder(part: str) -> str | None:
    """Return why no file is saved into a folder of this name; `None` when it may be."""
    if why := why_not_plain(part):
        return why
    if UNSAFE & set(part) or not part.isprintable() or part[0] in "-~":
        return "holds a character that not every system takes in a name, or begins as an option does"
    if part.casefold().rstrip(" .").endswith((".egg-info", ".dist-info", ".app", ".git")):
        return "is the name of a folder that programs read by themselves"
    return None


def why_not_saved(name: str) -> str | None:
    """Return why no file is saved under this name; `None` when it may be."""
    last = re.split(r"[/\\]", name)[-1]
    if why := why_not_plain(last) if last.strip(" .") else None:
        return why
    return "could be run or read as configuration by a program" if _is_picked_up(_short(last)) else None


def safe_name(name: str) -> str:
    """Turn whatever a server calls a file into one plain name that every system can hold.

    A name that a program could pick up by itself gets the ending `.download`.
    """
    short = _short(name)
    return _short(f"{short}.download") if _is_picked_up(short) else short


def _short(name: str) -> str:
    """Return a plain name of at most `MAX_NAME` bytes, which is looked at as it is after it was cut."""
    plain = _plain(name)
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        stem, dot, ending = plain, "", ""
    short = stem.encode()[: MAX_NAME - len(f"{dot}{ending}".encode())].decode(errors="ignore")
    found = _plain(f"{short.rstrip(' .') or 'attachment'}{dot}{ending}")
    return found if found == name else _short(found)  # a cut can make another ending, with blanks before it


def _plain(name: str) -> str:
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join("_" if char in UNSAFE or not char.isprintable() else char for char in last)
    plain = plain.strip(" .").lstrip("-~. ") or "attachment"
    return "_" + re.sub("[~\uff5e]", "_", plain) if why_not_plain(plain) else plain


def _is_picked_up(plain: str) -> bool:
    same = unicodedata.normalize("NFKC", plain).casefold().rstrip(" .")
    _, dot, ending = same.rpartition(".")
    return not (dot and ending in DATA) or PICKED_UP.fullmatch(same) is not None


def another_name(name: str, taken: Collection[str]) -> str:
    """Return the name, or the next numbered one that is not taken, whatever the case of its letters."""
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    number, found = 2, name
    while found.casefold() in taken:
        found = f"{stem}-{number}{dot}{ending}"
        number += 1
    return found
