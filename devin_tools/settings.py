"""Settings: the key, the organisation, the host. From arguments, the environment, an `.env` file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from .errors import MissingSetting

__all__ = ["DEFAULT_BASE_URL", "FILE_SETTINGS", "VARIABLES", "Settings", "read_from"]

DEFAULT_BASE_URL = "https://api.devin.ai"

VARIABLES = {
    "api_key": "DEVIN_API_KEY",
    "org_id": "DEVIN_ORG_ID",
    "base_url": "DEVIN_BASE_URL",
    "max_tries": "DEVIN_MAX_TRIES",
    "max_retry_seconds": "DEVIN_MAX_RETRY_SECONDS",
    "tag_creates": "DEVIN_TAG_CREATES",
    "read_only": "DEVIN_READ_ONLY",
    "allowed_tools": "DEVIN_ALLOWED_TOOLS",
    "denied_tools": "DEVIN_DENIED_TOOLS",
    "max_acu": "DEVIN_MAX_ACU",
    "default_acu": "DEVIN_DEFAULT_ACU",
    "max_sessions": "DEVIN_MAX_SESSIONS",
    "allow_unbounded": "DEVIN_ALLOW_UNBOUNDED",
    "confirm": "DEVIN_CONFIRM",
    "file_root": "DEVIN_FILE_ROOT",
    "download_folder": "DEVIN_DOWNLOAD_FOLDER",
    "file_overwrite": "DEVIN_FILE_OVERWRITE",
    "dry_run": "DEVIN_DRY_RUN",
}
"""Which environment variable gives which setting."""

FILE_SETTINGS = ("file_root", "download_folder", "file_overwrite")
"""The settings that say which files of this machine may be used."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_BASE_URL = re.compile(
    r"https?://"
    r"(?:(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:/(?!\.{1,2}(?:/|$))[a-z0-9_.~-]+)*/?",
    re.ASCII | re.IGNORECASE,
)
"""A host, perhaps a port and a path: nothing that could move a request elsewhere."""

_ORG_ID = re.compile(r"org[-_][^\s/?#%\\\x00-\x1f\x7f\ud800-\udfff]{1,128}")


@dataclass(frozen=True)
class Settings:
    """How to reach the API. The key never shows in `repr`, `str` or an error."""

    api_key: SecretStr | None = None
    """A service user key or personal access token; both start with `cog_`."""

    org_id: str | None = None
    """The organisation; read once from the API when it is not set."""

    base_url: str = DEFAULT_BASE_URL
    """The API's host. Dedicated deployments have their own. Plain HTTP only on loopback."""

    connect_timeout: float = 5.0
    """Seconds to wait for a connection."""

    timeout: float = 60.0
    """Seconds to wait for each part of an answer, and for sending."""

    max_tries: int = 5
    """How many times one request may be sent after faults, the first included: 1 to 100."""

    max_retry_seconds: float = 300.0
    """How long all tries of one request may take together, rate limits included."""

    tag_creates: bool = True
    """Whether a created session carries a tag of its own, by which it is found again after a lost
    answer. Turn it off where an organisation allows only listed tags; an ambiguous create is then
    reported, never repeated."""

    read_only: bool = False
    """Refuse every tool that changes something."""

    allowed_tools: tuple[str, ...] | None = None
    """Refuse every tool but these."""

    denied_tools: tuple[str, ...] = ()
    """Refuse these tools."""

    max_acu: int | None = None
    """The highest `max_acu_limit` a session may be created with; also the default when there is none.
    What starts sessions or other paid work and takes no limit is refused."""

    default_acu: int | None = None
    """The `max_acu_limit` of sessions that are created without one."""

    max_sessions: int | None = None
    """The most sessions, and other work that is paid for, one client may start. What starts them by itself
    again and again is refused."""

    allow_unbounded: bool = False
    """Let pass what the ceilings cannot hold: what takes no ACU limit in spite of `max_acu`, what starts
    sessions again and again in spite of `max_sessions`; and offer the latter to models."""

    confirm: bool = False
    """Refuse tools that spend ACUs or destroy, unless the call is confirmed."""

    file_root: str = "."
    """The folder that files may be sent from and saved into; left alone, the working folder."""

    download_folder: str = "devin-downloads"
    """The folder under `file_root` that files are saved into: it, or a folder in it that a call names."""

    file_overwrite: bool = False
    """Whether a file that is saved may replace one that is there."""

    dry_run: bool = False
    """Send nothing: refuse every call, and say in the refusal what it would have sent."""

    sources: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Where each setting came from, for `doctor`."""

    def __post_init__(self) -> None:
        if isinstance(self.api_key, str):  # a plain key would show in `repr`
            object.__setattr__(self, "api_key", SecretStr(self.api_key))
        if not isinstance(self.api_key, SecretStr | None):
            object.__setattr__(self, "api_key", None)
            raise MissingSetting("The API key must be text.")
        self._check_types()
        _check_base_url(self.base_url)
        if self.org_id is not None and not _ORG_ID.fullmatch(self.org_id):
            raise MissingSetting("The organisation id is malformed.", hint="It looks like org-0123abcd...")
        self._check_bounds()

    def _check_bounds(self) -> None:
        for name in ("connect_timeout", "timeout"):
            if not 0 < getattr(self, name) <= 3600:
                raise MissingSetting(f"{name} must be above 0 and at most 3600 seconds.")
        if not 1 <= self.max_tries <= 100:
            raise MissingSetting("max_tries must be from 1 to 100.")
        if not 0 <= self.max_retry_seconds <= 86_400:
            raise MissingSetting("max_retry_seconds must be from 0 to 86400.")
        for name in ("max_acu", "default_acu"):
            if getattr(self, name) is not None and getattr(self, name) < 1:
                raise MissingSetting(f"{name} must be a whole number above 0.")
        if self.max_sessions is not None and self.max_sessions < 0:
            raise MissingSetting("max_sessions must be a whole number, 0 or above.")
        if self.max_acu is not None and (self.default_acu or 0) > self.max_acu:
            raise MissingSetting("default_acu must not be above max_acu.")

    def _check_types(self) -> None:
        """Refuse what would be compared as something else than it is; names in one text are told apart."""
        for name in ("allowed_tools", "denied_tools"):
            names = getattr(self, name)
            if names is not None:
                object.__setattr__(self, name, _listed(names) if isinstance(names, str) else tuple(names))
        for name in ("max_tries", "max_acu", "default_acu", "max_sessions"):
            if type(getattr(self, name)) not in (int, type(getattr(Settings, name))):
                raise MissingSetting(f"{name} must be a whole number.")
        for name in ("connect_timeout", "timeout", "max_retry_seconds"):
            if type(getattr(self, name)) not in (int, float):
                raise MissingSetting(f"{name} must be a number of seconds.")
        flags = ("tag_creates", "read_only", "allow_unbounded", "confirm", "file_overwrite", "dry_run")
        for name in flags:
            if type(getattr(self, name)) is not bool:
                raise MissingSetting(f"{name} must be true or false.")

    @classmethod
    def load(
        cls,
        *,
        env_file: str | Path | None = None,
        consent: Callable[[str], bool] | None = None,
        **given: Any,
    ) -> Settings:
        """Gather settings: an argument wins over the environment, and that over `env_file`.

        A file must not send a key elsewhere that it does not hold: where the host is the file's and the
        key is not, `consent` is asked a question, and without consent the settings are refused.
        Raises `MissingSetting`, also when a value is malformed or the file cannot be read.
        """
        values: dict[str, Any] = {}
        sources: dict[str, str] = {}
        in_file = _read(env_file)
        layers = ((f"file {env_file}", in_file), ("environment", os.environ))
        for source, layer in layers:
            found = read_from(layer)
            values |= found
            sources |= dict.fromkeys(found, source)
        for name, value in given.items():
            if value is not None:
                values[name], sources[name] = value, "argument"
        settings = cls(**values, sources=sources)
        if _moves_key(settings, in_file) and not (consent and consent(_question(settings))):
            raise MissingSetting(
                f"{_question(settings)} That needs consent.",
                hint="Name the host yourself (--base-url, base_url=..., DEVIN_BASE_URL in the environment), "
                "or put the key into the same file.",
            )
        return settings

    def require_key(self) -> str:
        """Return the key to send; raise `MissingSetting` when there is none or it is not sendable."""
        if self.api_key is None:
            raise MissingSetting(
                "No API key is set.",
                hint="Set DEVIN_API_KEY to a service user key (cog_...), or try --simulate.",
            )
        key = self.api_key.get_secret_value()
        if not key:
            raise MissingSetting("The API key is empty.", hint="Set DEVIN_API_KEY to a key (cog_...).")
        if not re.fullmatch(r"[!#-\[\]-~]+", key):
            raise MissingSetting(
                "The API key holds a character that no key has (a space, a quote?).",
                hint="Set DEVIN_API_KEY to the key alone (cog_...): no quotes, no `Bearer` before it.",
            )
        if key.startswith("apk_"):
            raise MissingSetting(
                "The API key is a legacy one (apk_...), which v3 of the API refuses.",
                hint="Make a service user key (cog_...) in the Devin settings.",
            )
        return key

    @property
    def key_kind(self) -> str:
        """Name the kind of key by its prefix, without showing the key."""
        if self.api_key is None:
            return "none"
        key = self.api_key.get_secret_value()
        kinds = {"cog_": "service user key or personal access token (cog_)", "apk_": "legacy key (apk_)"}
        return next((kind for prefix, kind in kinds.items() if key.startswith(prefix)), "unknown kind")


def read_from(layer: Mapping[str, str | None], names: Iterable[str] = VARIABLES) -> dict[str, Any]:
    """Read the settings of these names that an environment gives; raise `MissingSetting` for a bad one."""
    texts = {name: (layer.get(VARIABLES[name]) or "").strip() for name in names}
    return {name: _parsed(name, text) for name, text in texts.items() if text}


def _parsed(name: str, text: str) -> Any:
    """Read a variable's text as its setting's type; never repeat it."""
    parse, form = _FORMS.get(name, (str, "text"))
    try:
        return parse(text)
    except (KeyError, ValueError):
        raise MissingSetting(f"{VARIABLES[name]} is malformed: it must be {form}.") from None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_FLAGS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
_FLAG = (lambda text: _FLAGS[text.lower()], "1 or 0")
_NUMBER = (int, "a whole number")
_NAMES = (_listed, "names with commas between them")
_FORMS: dict[str, tuple[Callable[[str], Any], str]] = {
    "max_tries": _NUMBER,
    "max_retry_seconds": (float, "a number of seconds"),
    "tag_creates": _FLAG,
    "read_only": _FLAG,
    "allowed_tools": _NAMES,
    "denied_tools": _NAMES,
    "max_acu": _NUMBER,
    "default_acu": _NUMBER,
    "max_sessions": _NUMBER,
    "allow_unbounded": _FLAG,
    "confirm": _FLAG,
    "file_overwrite": _FLAG,
    "dry_run": _FLAG,
}


def _moves_key(settings: Settings, in_file: Mapping[str, str | None]) -> bool:
    """Return whether a file alone names the host that a key from elsewhere would go to, loopback included."""
    if settings.api_key is None or settings.base_url.rstrip("/").lower() == DEFAULT_BASE_URL:
        return False
    is_from_file = settings.sources.get("base_url", "").startswith("file ")
    return (
        is_from_file and settings.api_key.get_secret_value() != (in_file.get("DEVIN_API_KEY") or "").strip()
    )


def _question(settings: Settings) -> str:
    place, file = settings.sources["api_key"], settings.sources["base_url"].removeprefix("file ")
    return (
        f"Send the API key of the {place} to {urlsplit(settings.base_url).netloc}, as the file {file} says?"
    )


def _read(env_file: str | Path | None) -> Mapping[str, str | None]:
    if env_file is None:
        return {}
    path = Path(env_file)
    if not path.is_file():
        raise MissingSetting(f"There is no settings file at {path}.")
    from dotenv import dotenv_values

    try:
        return dotenv_values(path, interpolate=False)  # ${DEVIN_API_KEY} in a URL would give the key away
    except (OSError, UnicodeDecodeError):
        raise MissingSetting(f"The settings file at {path} cannot be read as UTF-8 text.") from None


def _check_base_url(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:  # its text repeats the value
        port = -1
    if port == -1 or not _BASE_URL.fullmatch(base_url):
        raise MissingSetting("The base URL must be a scheme, a host and perhaps a path, and nothing else.")
    if parts.scheme == "https" or parts.hostname in LOOPBACK:
        return
    raise MissingSetting(
        "The base URL must start with https:// (plain http:// only on loopback).",
        hint="Anything else would let others read the key on its way.",
    )
