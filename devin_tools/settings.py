"""Settings: the key, the organisation, the host. From arguments, the environment, an `.env` file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from math import inf, nextafter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypedDict
from urllib.parse import urlsplit

from pydantic import SecretStr

from .errors import Hint, MissingSetting
from .security.keys import SENDABLE
from .text.listed import split_names
from .text.suggestions import nearest

if TYPE_CHECKING:
    from typing import Unpack

__all__ = ["DEFAULT_BASE_URL", "FILE_SETTINGS", "MEANINGS", "RULES", "VARIABLES", "Settings", "read_from"]

DEFAULT_BASE_URL = "https://api.devin.ai"

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


class _Kind(NamedTuple):
    """How the settings of one type are read from text, and what their values must be."""

    parse: Callable[[str], Any]
    types: tuple[type, ...]
    must_be: str
    form: str = ""
    """What a text must be, where that is said otherwise."""


_NAME = re.compile(r"devin_[a-z0-9_]+")  # that of every tool, a plugin's too


def _listed(text: str) -> tuple[str, ...]:
    return tuple(split_names(text))


_FLAGS = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)
_KINDS = {
    "bool": _Kind(lambda text: _FLAGS[text.lower()], (bool,), "true or false", "1 or 0"),
    "float": _Kind(float, (int, float), "a number of seconds"),
    "int": _Kind(int, (int,), "a whole number"),
    "tuple[str, ...]": _Kind(_listed, (), "whole names (devin_...) with commas between, or a JSON list"),
}
"""What the annotation of a setting stands for; a setting with another one is text."""


class _Bounds(NamedTuple):
    least: float
    most: float
    must_be: str


_TIMEOUT = _Bounds(nextafter(0, 1), 3600, "above 0 and at most 3600 seconds")
_COUNT = _Bounds(1, inf, "a whole number above 0")


def _setting(default: Any, meaning: str, bounds: _Bounds | None = None, *, has_variable: bool = True) -> Any:
    """Declare a setting: its row in the documentation, and what else its annotation does not say."""
    about = {"meaning": meaning, "bounds": bounds, "has_variable": has_variable}
    return field(default=default, metadata=about)


KEY_PAGE = (
    "A service user key is made in the Devin web app under Settings, Service users; see "
    "https://docs.devin.ai/api-reference/overview."
)
"""Where a person gets a key."""

FILE_HINT = "or put the key into the same file."


@dataclass(frozen=True)
class Settings:
    """How to reach the API, and what calls may do. The key never shows in `repr`, `str` or an error.

    Each setting is declared here and nowhere else: its variable in the environment (`DEVIN_` and its name),
    how it is read and checked, its row in the documentation and its line of `doctor` follow from that.
    """

    api_key: SecretStr | None = _setting(  # noqa: RUF009 - it makes a field
        None, "The key: a service user key or personal access token (`cog_...`)."
    )
    org_id: str | None = _setting(None, "The organisation (`org-...`). Read once from the API when left out.")
    base_url: str = _setting(
        DEFAULT_BASE_URL, f"The API's host, for dedicated deployments. Default: `{DEFAULT_BASE_URL}`."
    )
    connect_timeout: float = _setting(5.0, "Seconds to wait for a connection.", _TIMEOUT, has_variable=False)
    timeout: float = _setting(
        60.0, "Seconds to wait for each part of an answer, and for sending.", _TIMEOUT, has_variable=False
    )
    max_tries: int = _setting(
        5,
        "How many times one request may be sent after faults, the first included. Default: 5.",
        _Bounds(1, 100, "from 1 to 100"),
    )
    max_retry_seconds: float = _setting(
        300.0,
        "After how many seconds of failing no further try of a request begins. Default: 300.",
        _Bounds(0, 86_400, "from 0 to 86400"),
    )
    # By its tag a session is found again after a lost answer. Some organisations allow only listed tags.
    tag_creates: bool = _setting(
        True, "0: created sessions carry no tag of their own; ambiguous creates are reported."
    )
    read_only: bool = _setting(False, "1: refuse every tool that changes something.")
    allowed_tools: tuple[str, ...] | None = _setting(
        None, "Refuse every tool but these, with commas between the names."
    )
    denied_tools: tuple[str, ...] = _setting((), "Refuse these tools, with commas between the names.")
    max_acu: int | None = _setting(
        None,
        "The highest ACU limit of a session; given to those without. What takes none is refused.",
        _COUNT,
    )
    default_acu: int | None = _setting(None, "The ACU limit of sessions created without one.", _COUNT)
    max_sessions: int | None = _setting(
        None,
        "The most sessions one client may start; what starts them again and again is refused.",
        _Bounds(0, inf, "a whole number, 0 or above"),
    )
    allow_unbounded: bool = _setting(
        False, "1: let pass what those ceilings cannot hold; offer models what repeats by itself."
    )
    confirm: bool = _setting(
        False, "1: refuse unconfirmed calls that spend, destroy, administer or show a secret."
    )
    file_root: str = _setting(
        ".", "The folder that files may be sent from and saved into. Default: the working folder."
    )
    download_folder: str = _setting(
        "devin-downloads", "The folder in it that files are saved into. Default: `devin-downloads`."
    )
    file_overwrite: bool = _setting(False, "1: a file that is saved may replace one that is there.")
    dry_run: bool = _setting(
        False, "1: send nothing; each call is refused, and the refusal says what it would have sent."
    )
    sources: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Where each setting came from, for `doctor`."""

    if not TYPE_CHECKING:  # type checkers say it before anything runs

        def __new__(cls, *args: Any, **given: Any) -> Settings:
            """Raise `MissingSetting` for an unknown setting, with the one that was meant."""
            _require_known(given, "sources")
            return super().__new__(cls)

    def __post_init__(self) -> None:
        if isinstance(self.api_key, str):  # a plain key would show in `repr`
            object.__setattr__(self, "api_key", SecretStr(self.api_key))
        if not isinstance(self.api_key, SecretStr | None):
            object.__setattr__(self, "api_key", None)
            raise MissingSetting("The API key must be text.")
        _check_base_url(self.base_url)
        is_id = isinstance(self.org_id, str) and _ORG_ID.fullmatch(self.org_id)
        if self.org_id is not None and not is_id:
            raise MissingSetting("The organisation id is malformed.", hint="It looks like org-0123abcd...")
        for name in MEANINGS:
            object.__setattr__(self, name, _checked(name, getattr(self, name)))
        if self.max_acu is not None and (self.default_acu or 0) > self.max_acu:
            raise MissingSetting("default_acu must not be above max_acu.")

    @classmethod
    def load(
        cls,
        *,
        env_file: str | Path | None = None,
        consent: Callable[[str], bool] | None = None,
        **given: Unpack[SettingOptions],
    ) -> Settings:
        """Gather settings: an argument wins over the environment, and that over `env_file`.

        A file must not send a key elsewhere that it does not hold: where the host is the file's and the
        key is not, `consent` is asked a question, and without consent the settings are refused.
        Raises `MissingSetting`, also when a value is malformed, the file cannot be read, or there is no
        such setting.
        """
        _require_known(given, "env_file")
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
                hint=Hint(
                    f"Name the host yourself (DEVIN_BASE_URL in the environment), {FILE_HINT}",
                    python=f"Name the host yourself (base_url=..., or DEVIN_BASE_URL), {FILE_HINT}",
                    cli=f"Name the host yourself (--base-url, or DEVIN_BASE_URL), {FILE_HINT}",
                ),
            )
        return settings

    def require_key(self) -> str:
        """Return the key to send; raise `MissingSetting` when there is none or it is not sendable."""
        if self.api_key is None:
            raise MissingSetting(
                "No API key is set.",
                hint=Hint(
                    f"Set DEVIN_API_KEY to a service user key (cog_...). {KEY_PAGE}",
                    model="A person has to set DEVIN_API_KEY to a service user key (cog_...) where the tools "
                    f"run, such as in the settings of this MCP server, and start them again. {KEY_PAGE}",
                    python="Set DEVIN_API_KEY to a service user key (cog_...), pass api_key=..., or try "
                    f"Client(**Simulator().connection()). {KEY_PAGE}",
                    cli=f"Set DEVIN_API_KEY to a service user key (cog_...), or try --simulate. {KEY_PAGE}",
                ),
            )
        key = self.api_key.get_secret_value()
        if not key:
            raise MissingSetting(
                "The API key is empty.", hint=f"Set DEVIN_API_KEY to a key (cog_...). {KEY_PAGE}"
            )
        if not re.fullmatch(f"{SENDABLE}+", key):
            raise MissingSetting(
                "The API key holds a character that no key has (a space, a quote?).",
                hint="Set DEVIN_API_KEY to the key alone (cog_...): no quotes, no `Bearer` before it.",
            )
        if key.startswith("apk_"):
            raise MissingSetting(
                "The API key is a legacy one (apk_...), which v3 of the API refuses.",
                hint=KEY_PAGE,
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


if TYPE_CHECKING:  # `devin-tools generate` writes it

    class SettingOptions(TypedDict, total=False):
        """The settings that `Settings.load` and clients take by name; `None` leaves one as it is."""

        # generated:options
        api_key: SecretStr | str | None
        org_id: str | None
        base_url: str | None
        connect_timeout: float | None
        timeout: float | None
        max_tries: int | None
        max_retry_seconds: float | None
        tag_creates: bool | None
        read_only: bool | None
        allowed_tools: Iterable[str] | None
        denied_tools: Iterable[str] | None
        max_acu: int | None
        default_acu: int | None
        max_sessions: int | None
        allow_unbounded: bool | None
        confirm: bool | None
        file_root: str | os.PathLike[str] | None
        download_folder: str | os.PathLike[str] | None
        file_overwrite: bool | None
        dry_run: bool | None
        # end


_FIELDS = {one.name: one for one in fields(Settings) if one.metadata}

MEANINGS = {name: str(one.metadata["meaning"]) for name, one in _FIELDS.items()}
"""What each setting is for."""

VARIABLES = {name: f"DEVIN_{name.upper()}" for name, one in _FIELDS.items() if one.metadata["has_variable"]}
"""Which environment variable gives which setting."""

RULES = tuple(name for name in VARIABLES if name not in ("api_key", "org_id", "base_url"))
"""The settings that decide what calls may do, and how often they are tried."""


def read_from(layer: Mapping[str, str | None], names: Iterable[str] = VARIABLES) -> dict[str, Any]:
    """Read the settings of these names that an environment gives; raise `MissingSetting` for a bad one."""
    texts = {name: (layer.get(VARIABLES[name]) or "").strip() for name in names}
    return {name: _parsed(name, text) for name, text in texts.items() if text}


def _kind(name: str) -> _Kind | None:
    """Return the kind of a setting by its annotation; `None` for text."""
    return _KINDS.get(str(_FIELDS[name].type).removesuffix(" | None"))


def _parsed(name: str, text: str) -> Any:
    """Read a variable's text as its setting's type; never repeat it."""
    if (kind := _kind(name)) is None:
        return text
    try:
        return kind.parse(text)
    except (KeyError, ValueError):
        raise MissingSetting(
            f"{VARIABLES[name]} is malformed: it must be {kind.form or kind.must_be}.",
            hint=f"Write it as {VARIABLES[name]}={_as_text(_example(name))}, say, or leave it out.",
        ) from None


def _checked(name: str, value: Any) -> Any:
    """Return the value of a setting, with names in one text told apart; raise `MissingSetting` for a bad one.

    What would be compared as something else than it is (`True` as 1) is bad too.
    """
    kind = _kind(name)
    if value is None and str(_FIELDS[name].type).endswith("None"):
        return value
    if kind is None:
        return value if name in CHECKED_ELSEWHERE else _text_of(name, value)
    if kind.parse is _listed:
        return _names_of(name, value, kind)
    if type(value) not in kind.types:
        _refuse(name, kind.must_be)
    bounds: _Bounds | None = _FIELDS[name].metadata["bounds"]
    if bounds and not bounds.least <= value <= bounds.most:
        _refuse(name, bounds.must_be)
    return value


CHECKED_ELSEWHERE = ("api_key", "org_id", "base_url")
"""The settings that have rules of their own."""


def _text_of(name: str, value: Any) -> str:
    """Return a setting that is text, or a path."""
    text = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    return text if isinstance(text, str) else _refuse(name, "text")


def _names_of(name: str, value: Any, kind: _Kind) -> tuple[str, ...]:
    """Return names that came as one text or as several.

    Raise `MissingSetting` for what no tool is called: a rule that fits nothing would refuse nothing.
    """
    try:
        names = _listed(value) if isinstance(value, str) else tuple(value)
    except (TypeError, ValueError):
        _refuse(name, kind.must_be)
    is_names = not isinstance(value, bytes | Mapping)
    is_names = is_names and all(isinstance(one, str) and _NAME.fullmatch(one) for one in names)
    return names if is_names else _refuse(name, kind.must_be)


def _refuse(name: str, must_be: str) -> NoReturn:
    """Raise for the value of a setting, which is not repeated: it may be a secret in the wrong place."""
    value, variable = _example(name), VARIABLES.get(name)
    cli = f"Write it as {variable}={_as_text(value)}, say, or leave it out." if variable else None
    hint = Hint(f"Write it as {name}={value!r}, say, or leave it out.", cli=cli)
    raise MissingSetting(f"{name} must be {must_be}.", hint=hint)


def _example(name: str) -> Any:
    """Return a value that a setting may have."""
    default = _FIELDS[name].default
    if default not in (None, (), ""):
        return default
    return ("devin_get_session",) if (kind := _kind(name)) and kind.parse is _listed else 10


def _as_text(value: Any) -> str:
    """Write a value as a variable has it."""
    if isinstance(value, tuple):
        return ",".join(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


OTHER_WORDS = {
    **dict.fromkeys(("token", "key", "secret", "access_token", "api_token"), "api_key"),
    **dict.fromkeys(("url", "host", "endpoint", "server"), "base_url"),
    **dict.fromkeys(("org", "organization", "organisation", "organization_id"), "org_id"),
    "retries": "max_tries",
}
"""What other clients call a setting."""


def _require_known(given: Mapping[str, Any], *more: str) -> None:
    """Raise for unknown settings, each with the nearest one."""
    unknown = sorted(given.keys() - _FIELDS.keys() - set(more))
    if not unknown:
        return
    near = {
        name: [OTHER_WORDS[name.lower()]] if name.lower() in OTHER_WORDS else nearest(name, [*_FIELDS, *more])
        for name in unknown
    }
    meant = [f"Did you mean {found[0]}?" for found in near.values() if found]
    listed = f"The settings are {', '.join(sorted(_FIELDS))}."
    raise MissingSetting(
        f"No setting is called {' or '.join(name[:64] for name in unknown)}.",
        hint=" ".join(meant) if len(meant) == len(unknown) else " ".join([*meant, listed]),
    )


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
        raise MissingSetting(f"The settings file {path} is missing, or is not a file.")
    from io import StringIO

    from dotenv import dotenv_values

    from .text.encoding import decoded

    try:
        text = StringIO(decoded(path.read_bytes()))
    except (OSError, UnicodeDecodeError):
        raise MissingSetting(f"The settings file at {path} cannot be read as UTF-8 text.") from None
    return dotenv_values(stream=text, interpolate=False)  # ${DEVIN_API_KEY} in a URL would give the key away


def _check_base_url(base_url: Any) -> None:
    if reason := _fault_of(base_url):
        form = f"Write it as {DEFAULT_BASE_URL}, or leave it out for that host."
        raise MissingSetting(
            f"The base URL must {reason}.",
            hint=Hint(
                f"{form} It is set by DEVIN_BASE_URL.",
                python=f"{form} It is set by base_url=... or DEVIN_BASE_URL.",
                cli=f"{form} It is set by --base-url or DEVIN_BASE_URL.",
            ),
        )
    parts = urlsplit(base_url)
    if parts.scheme == "https" or parts.hostname in LOOPBACK:
        return
    raise MissingSetting(
        "The base URL must start with https:// (plain http:// only on loopback).",
        hint="Anything else would let others read the key on its way.",
    )


def _fault_of(base_url: Any) -> str:
    """Return what is wrong with a base URL, without any of it: it may hold a password."""
    if not isinstance(base_url, str):
        return "be text"
    try:
        parts = urlsplit(base_url)
        if parts.port is not None and not parts.port:
            return "have a port from 1 to 65535"
    except ValueError:  # its text repeats the value
        return "have a host, and a port from 1 to 65535 if it names one"
    if "://" not in base_url:
        return "start with https://"
    if parts.username is not None:
        return "hold no user and no password"
    if parts.query or parts.fragment:
        return "have nothing after its path: no ? and no #"
    if not _BASE_URL.fullmatch(base_url):
        return "be a scheme, a host and perhaps a path, and nothing else"
    if re.search(r"/v\d\w*/?$", parts.path):
        return "end before the version of the API (such as /v3), which is in the path of each request"
    return ""
