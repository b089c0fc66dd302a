"""Settings: the key, the organisation, the host."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr
from support.laws import for_every

from devin_tools import AsyncClient, Client, Settings
from devin_tools.errors import MissingSetting
from devin_tools.flow import SettingName
from devin_tools.settings import DEFAULT_BASE_URL, MEANINGS, VARIABLES

KEY = "cog_CANARY_0123456789"


def key_of(settings: Settings) -> str | None:
    return settings.api_key.get_secret_value() if settings.api_key else None


def refusal(**given: Any) -> MissingSetting:
    with pytest.raises(MissingSetting) as caught:
        Settings.load(**given)
    return caught.value


def test_without_anything_set_only_the_defaults_are_there() -> None:
    assert Settings.load() == Settings() == Settings(None, None, DEFAULT_BASE_URL, 5.0, 60.0)


def test_an_argument_wins_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env_file = tmp_path / "my.env"
    env_file.write_text(
        "# a comment\nexport DEVIN_API_KEY='cog_file'\nDEVIN_ORG_ID=org-file\nDEVIN_BASE_URL=https://API.devin.ai/\n"
    )
    monkeypatch.setenv("DEVIN_API_KEY", " cog_environment ")
    monkeypatch.setenv("DEVIN_ORG_ID", "org-environment")
    settings = Settings.load(api_key="cog_argument", env_file=env_file)
    assert key_of(settings) == "cog_argument"
    assert (settings.org_id, settings.base_url) == ("org-environment", "https://API.devin.ai/")
    assert settings.sources == {
        "api_key": "argument",
        "org_id": "environment",
        "base_url": f"file {env_file}",
    }


def test_the_file_is_read_only_on_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DEVIN_API_KEY={KEY}\n")
    monkeypatch.chdir(tmp_path)
    assert Settings.load().api_key is None
    assert key_of(Settings.load(env_file=".env")) == KEY


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_a_blank_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    for variable in VARIABLES.values():
        monkeypatch.setenv(variable, blank)
    assert Settings.load() == Settings()


def test_an_argument_of_none_leaves_the_environments_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVIN_ORG_ID", "org-environment")
    assert Settings.load(org_id=None).org_id == "org-environment"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert "is missing, or is not a file" in str(refusal(env_file=tmp_path / "none.env"))
    (tmp_path / "binary.env").write_bytes(b"DEVIN_API_KEY=\xff\xfe\x80")
    assert "cannot be read as UTF-8 text" in str(refusal(env_file=tmp_path / "binary.env"))
    assert "is missing, or is not a file" in str(refusal(env_file=tmp_path))


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("apikey", "api_key"),
        ("API_KEY", "api_key"),
        ("baseUrl", "base_url"),
        ("max_retries", "max_tries"),
        ("token", "api_key"),
        ("organization", "org_id"),
    ],
)
def test_a_setting_nobody_knows_is_refused_with_the_one_that_was_meant(given: str, meant: str) -> None:
    makers: list[Callable[..., Any]] = [Settings.load, Settings, Client, AsyncClient]
    for make in makers:
        with pytest.raises(MissingSetting, match=f"No setting is called {given}") as caught:
            make(**{given: KEY})
        assert f"Did you mean {meant}?" in caught.value.hint and "CANARY" not in str(caught.value)


def test_of_a_setting_that_is_like_no_other_all_are_named() -> None:
    error = refusal(verify=False, qzx=1, api_keys=KEY)
    assert error.message == "No setting is called api_keys or qzx or verify."
    assert "Did you mean api_key?" in error.hint and "The settings are allow_unbounded, " in error.hint


def test_the_options_for_type_checkers_are_the_settings() -> None:
    """They are written by `generate`; a signature names each of them."""
    signature = inspect.signature(Client)
    assert MEANINGS.keys() <= signature.parameters.keys() == inspect.signature(AsyncClient).parameters.keys()
    assert "env_file" in signature.parameters and "given" not in signature.parameters


def test_what_is_no_instance_of_settings_is_refused_without_repeating_it() -> None:
    for make in (Client, AsyncClient):
        with pytest.raises(MissingSetting, match=r"Client\(api_key=") as caught:
            make(KEY)  # type: ignore[arg-type]
        assert "CANARY" not in str(caught.value)
        with pytest.raises(MissingSetting, match="not both"):
            make(Settings(SecretStr(KEY)), env_file=".env")


def test_a_single_setting_wins_over_those_given_together() -> None:
    own = Settings(SecretStr(KEY), org_id="org-1")
    client = Client(own, timeout=3, org_id=None)
    assert (client.settings.timeout, client.settings.org_id, key_of(client.settings)) == (3, "org-1", KEY)
    assert Client(own).settings is own


def test_an_account_may_be_named_by_its_key_as_text() -> None:
    other = Client(Settings(SecretStr(KEY))).acting_as(api_key="cog_CANARY_other")
    assert key_of(other.settings) == "cog_CANARY_other" and "CANARY" not in repr(other.settings)


def test_without_a_key_the_hint_is_one_for_python() -> None:
    for make in (Client, AsyncClient):
        with pytest.raises(MissingSetting, match="No API key is set") as caught:
            make()
        assert "api_key=..." in caught.value.hint and "Simulator" in caught.value.hint
        assert "--" not in caught.value.hint


NO_VALUES = [
    *[(name, value) for name in ("base_url", "org_id", "file_root", "download_folder")
      for value in (5, b"x", [])],
    *[(name, value) for name in ("allowed_tools", "denied_tools") for value in (5, [5], b"x", {"a": 1})],
    ("denied_tools", None), ("timeout", None), ("base_url", None), ("api_key", 5),
]  # fmt: skip


@for_every("name, value", lambda: NO_VALUES)
def test_a_value_of_a_wrong_kind_is_an_error_of_ours(name: str, value: Any) -> None:
    with pytest.raises(MissingSetting) as caught:
        Settings(**{name: value})
    error = caught.value
    assert name in error.message.lower().replace(" ", "_").replace("organisation", "org")


def test_a_refused_value_comes_with_one_that_would_do() -> None:
    assert refusal(timeout="x").hint == "Write it as timeout=60.0, say, or leave it out."
    assert refusal(max_acu=-1).hint == "Write it as max_acu=10, say, or leave it out."
    assert refusal(allowed_tools=5).hint.startswith("Write it as allowed_tools=('devin_get_session',)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEVIN_MAX_TRIES", "many")
        assert refusal().hint == "Write it as DEVIN_MAX_TRIES=5, say, or leave it out."
        patch.setenv("DEVIN_MAX_TRIES", "3")
        patch.setenv("DEVIN_READ_ONLY", "maybe")
        assert refusal().hint == "Write it as DEVIN_READ_ONLY=0, say, or leave it out."


def test_a_folder_may_be_a_path(tmp_path: Path) -> None:
    assert Settings(file_root=tmp_path).file_root == str(tmp_path)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("base_url", "fault"),
    [
        ("api.devin.ai", "must start with https://."),
        ("", "must start with https://."),
        ("https://user:hunter2@api.devin.ai", "must hold no user and no password."),
        ("https://api.devin.ai?x=hunter2", "must have nothing after its path: no ? and no #."),
        ("https://host:99999", "must have a host, and a port from 1 to 65535 if it names one."),
        (
            "https://api.devin.ai/v3",
            "must end before the version of the API (such as /v3), which is in the path of each request.",
        ),
        ("https://a b", "must be a scheme, a host and perhaps a path, and nothing else."),
    ],
)
def test_a_base_url_is_refused_for_its_own_fault(base_url: str, fault: str) -> None:
    error = refusal(base_url=base_url)
    assert error.message == f"The base URL {fault}"
    assert error.hint.startswith(f"Write it as {DEFAULT_BASE_URL}") and "DEVIN_BASE_URL" in error.hint
    assert "hunter2" not in str(error)


MALFORMED_IDS = [
    "",
    "acme",
    "org",
    "org-",
    "org-a/b",
    "org-a b",
    "org-a?b",
    "org-a%2fb",
    "org-\x00",
    "org-a\\b",
    "x-org-1",
]


@for_every("org_id", lambda: MALFORMED_IDS)
def test_a_malformed_organisation_is_refused(org_id: str) -> None:
    assert "organisation id is malformed" in str(refusal(org_id=org_id))


@pytest.mark.parametrize("org_id", ["org-0123456789abcdef0123456789abcdef", "org_AbC", "org-acme.eu"])
def test_both_forms_of_organisation_ids_pass_unchanged(org_id: str) -> None:
    assert Settings.load(org_id=org_id).org_id == org_id


HOSTS = [
    "https://api.devin.ai",
    "https://api.devin.ai/",
    "https://api.acme.devinenterprise.com:8443/devin/v1.2",
    "HTTPS://API.DEVIN.AI",
    "http://127.0.0.1:8080",
    "http://localhost",
    "http://[::1]:9999/",
    "https://[2001:db8::1]",
]


@for_every("base_url", lambda: HOSTS)
def test_a_host_with_tls_or_on_loopback_is_accepted(base_url: str) -> None:
    assert Settings.load(base_url=base_url).base_url == base_url


NO_HOSTS = [
    "api.devin.ai",
    "//api.devin.ai",
    "ftp://api.devin.ai",
    "https://",
    "https:///v3",
    "https://user@api.devin.ai",
    "https://api.devin.ai@evil.example",
    "https://user:hunter2@api.devin.ai",
    "https://api.devin.ai?x=1",
    "https://api.devin.ai#x",
    "https://api.devin.ai/a/../b",
    "https://api.devin.ai/./",
    "https://api.devin.ai/%2e%2e",
    "https://api.devin.ai\\@evil.example",
    "https://api.devin.ai\n.evil.example",
    "https://a b",
    "https://a..b",
    "https://é.example",
    "https://a\u2100b.example",
    "https://[",
    "https://[::1",
    "https://host:99999",
    "https://host:port",
    "file:///etc/passwd",
]


@for_every("base_url", lambda: NO_HOSTS)
def test_anything_but_a_plain_host_is_refused_without_repeating_it(base_url: str) -> None:
    error = refusal(base_url=base_url)
    assert "base URL must" in error.message
    assert "hunter2" not in str(error) and "evil" not in str(error)


ABROAD = [
    *("http://api.devin.ai", "http://evil", "http://localhost.evil.example", "http://127.0.0.1.evil.example"),
    *("http://127.0.0.2", "http://0.0.0.0", "http://[::ffff:127.0.0.1]", "http://2130706433"),
]


@for_every("base_url", lambda: ABROAD)
def test_plain_http_is_refused_beyond_loopback(base_url: str) -> None:
    error = refusal(base_url=base_url)
    assert "plain http:// only on loopback" in error.message and "key" in error.hint


ENDLESS = [0, -1, 3601, float("inf"), float("nan")]


@for_every("name, seconds", lambda: product(["timeout", "connect_timeout"], ENDLESS))
def test_every_timeout_is_finite(name: str, seconds: float) -> None:
    assert name in refusal(**{name: seconds}).message


def test_a_key_must_be_there_to_be_sent() -> None:
    with pytest.raises(MissingSetting, match="No API key is set") as caught:
        Settings().require_key()
    assert "DEVIN_API_KEY" in caught.value.hint


@pytest.mark.parametrize("bad", [f"{KEY}\r\nX-Evil: 1", f"{KEY} ", f"é{KEY}", f"'{KEY}'", f"Bearer {KEY}"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(bad: str) -> None:
    with pytest.raises(MissingSetting, match="a character that no key has") as caught:
        Settings(api_key=SecretStr(bad)).require_key()
    assert "DEVIN_API_KEY" in caught.value.hint and "CANARY" not in str(caught.value)


def test_a_legacy_key_is_refused_with_the_way_to_a_new_one() -> None:
    with pytest.raises(MissingSetting, match="legacy") as caught:
        Settings(api_key=SecretStr("apk_user_CANARY")).require_key()
    assert "service user key" in caught.value.hint and "CANARY" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "kind"),
    [(KEY, "service user key"), ("apk_x", "legacy key"), ("sk-x", "unknown kind"), (None, "none")],
)
def test_the_kind_of_key_is_told_by_its_prefix(key: str | None, kind: str) -> None:
    assert Settings.load(api_key=key).key_kind.startswith(kind)


def test_a_key_never_shows_however_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVIN_API_KEY", KEY)
    careless = Settings(api_key=KEY)  # type: ignore[arg-type]
    for settings in (Settings.load(), Settings.load(api_key=KEY), Settings(SecretStr(KEY)), careless):
        assert settings.require_key() == KEY
        assert "CANARY" not in f"{settings!r} {settings} {settings.sources} {settings.key_kind}"


RULES_FROM_TEXT = [
    ("max_tries", "3", 3),
    ("max_retry_seconds", "12.5", 12.5),
    ("tag_creates", "0", False),
    ("tag_creates", "off", False),
    ("read_only", "1", True),
    ("read_only", "TRUE", True),
    ("read_only", "no", False),
    (
        "allowed_tools",
        "devin_get_session, devin_list_sessions,",
        ("devin_get_session", "devin_list_sessions"),
    ),
    ("denied_tools", "devin_terminate_session", ("devin_terminate_session",)),
    (
        "denied_tools",
        '["devin_delete_secret", "devin_delete_note"]',
        ("devin_delete_secret", "devin_delete_note"),
    ),
    ("max_acu", "5", 5),
    ("default_acu", "2", 2),
    ("max_sessions", "0", 0),
    ("allow_unbounded", "1", True),
    ("confirm", "yes", True),
    ("dry_run", "on", True),
    ("file_root", "/srv/files", "/srv/files"),
    ("download_folder", "inbox", "inbox"),
    ("file_overwrite", "1", True),
]
NOT_NAMES = [
    '["CANARY"', "[CANARY, b]", '"CANARY"', "'CANARY','b'", '{"CANARY": 1}', "null", "CANARY b", "CANARY;b",
    "[1]", "devin_CANARY_*", '["[\\"CANARY\\"]"]', "[object Object]",
]  # fmt: skip
"""Lists of tools that would refuse nothing, or everything, if they were taken as they stand."""

MALFORMED = [
    ("max_tries", ["CANARY", "0", "101", "1.5", "-1"]),
    ("max_retry_seconds", ["CANARY", "-1", "nan", "1e9"]),
    ("tag_creates", ["CANARY", "2", "maybe"]),
    ("read_only", ["CANARY", "y", "-"]),
    ("allowed_tools", NOT_NAMES),
    ("denied_tools", NOT_NAMES),
    ("max_acu", ["CANARY", "0", "-3", "1.5"]),
    ("default_acu", ["CANARY", "0"]),
    ("max_sessions", ["CANARY", "-1", "many"]),
    ("allow_unbounded", ["CANARY", "all"]),
    ("confirm", ["CANARY", "ok"]),
    ("dry_run", ["CANARY", "maybe"]),
    ("file_overwrite", ["CANARY", "always"]),
]
WRONG = [
    *[(name, value) for name in ("max_tries", "max_acu", "default_acu", "max_sessions")
      for value in ("5", 2.5, True)],
    *[(name, value) for name in ("timeout", "connect_timeout", "max_retry_seconds") for value in ("5", True)],
    *[(name, value)
      for name in ("tag_creates", "read_only", "allow_unbounded", "confirm", "file_overwrite", "dry_run")
      for value in ("0", 1)],
]  # fmt: skip


@for_every("name, value", lambda: WRONG)
def test_a_rule_of_another_type_is_refused(name: str, value: Any) -> None:
    assert str(refusal(**{name: value})).startswith(f"{name} must be ")


@pytest.mark.parametrize("name", ["allowed_tools", "denied_tools"])
def test_names_given_as_one_text_are_told_apart(name: str) -> None:
    given = Settings(**{name: "devin_get_session_tags, devin_get_self"})
    assert getattr(given, name) == ("devin_get_session_tags", "devin_get_self")
    assert getattr(Settings(**{name: ["devin_get_self"]}), name) == ("devin_get_self",)
    assert getattr(Settings(**{name: '["devin_get_self"]'}), name) == ("devin_get_self",)
    for wrong in (['["devin_get_self"]'], [1], 5, ["devin_get_*"], ["devin_get_self,devin_get_session"]):
        assert name in str(refusal(**{name: wrong}))
    for unlike in (
        "get_self",
        "GetSelf",
        "core",
        "DEVIN_GET_SELF",
        "devin-get-self",
    ):  # it would refuse nothing
        assert unlike not in str(refusal(**{name: [unlike]}))


def test_a_person_at_the_command_line_is_told_the_variable() -> None:
    found = refusal(max_acu=-1)
    assert "max_acu=10," in found.hint and "DEVIN_MAX_ACU=10," in found.hint_for("cli")
    assert "timeout=60.0," in refusal(timeout=-1).hint_for("cli")


@for_every("name, text, value", lambda: RULES_FROM_TEXT)
def test_a_rule_is_read_from_its_variable(name: str, text: str, value: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLES[name], text)
        settings = Settings.load()
    assert getattr(settings, name) == value and settings.sources == {name: "environment"}


def test_every_rule_has_a_row_above() -> None:
    assert {name for name, _, _ in RULES_FROM_TEXT} == VARIABLES.keys() - {"api_key", "org_id", "base_url"}


@for_every("name, text", lambda: [(name, text) for name, texts in MALFORMED for text in texts])
def test_a_malformed_rule_is_refused_without_repeating_it(name: str, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLES[name], text)
        shown = str(refusal())
    assert (VARIABLES[name] in shown or name in shown) and "CANARY" not in shown


def test_a_default_above_the_ceiling_is_refused() -> None:
    assert "default_acu must not be above max_acu" in str(refusal(max_acu=3, default_acu=4))


def test_each_setting_is_declared_with_its_meaning_and_a_flow_may_ask_for_all_but_the_key() -> None:
    assert MEANINGS.keys() == {one.name for one in fields(Settings)} - {"sources"}
    assert {*get_args(SettingName)} == MEANINGS.keys() - {"api_key"}


URL = "https://file.example"
MOVED = "DEVIN_BASE_URL=https://file.example\n"


@pytest.mark.parametrize(
    "text", [MOVED, "DEVIN_BASE_URL=http://127.0.0.1:1\n", f"{MOVED}DEVIN_API_KEY=cog_other\n"]
)
@pytest.mark.parametrize("where", ["environment", "argument"])
def test_a_file_does_not_move_a_key_that_it_does_not_hold(
    text: str, where: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "x.env").write_text(text)
    given = {"api_key": KEY} if where == "argument" else {}
    if where == "environment":
        monkeypatch.setenv("DEVIN_API_KEY", KEY)
    refused = refusal(env_file=tmp_path / "x.env", **given)
    assert f"Send the API key of the {where} to " in str(refused) and KEY not in str(refused)
    assert "base_url=" in refused.hint and "--base-url" in refused.hint_for("cli")


@pytest.mark.parametrize("own", ["${DEVIN_API_KEY}", "$DEVIN_API_KEY"])
def test_a_file_cannot_take_a_key_out_of_the_environment(
    own: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEVIN_API_KEY", KEY)
    (tmp_path / "x.env").write_text(f"{MOVED}DEVIN_API_KEY={own}\n")
    assert KEY not in str(refusal(env_file=tmp_path / "x.env"))
    (tmp_path / "x.env").write_text(f"DEVIN_BASE_URL=https://file.example/{own}\n")
    assert KEY not in str(refusal(env_file=tmp_path / "x.env"))


def test_a_host_that_a_person_names_or_agrees_to_gets_the_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "x.env").write_text(MOVED)
    asked: list[str] = []

    def agree(question: str) -> bool:
        asked.append(question)
        return True

    assert Settings.load(env_file=tmp_path / "x.env").base_url == URL  # without a key, nothing is moved
    monkeypatch.setenv("DEVIN_API_KEY", KEY)
    assert Settings.load(env_file=tmp_path / "x.env", base_url=URL).base_url == URL
    assert Settings.load(env_file=tmp_path / "x.env", consent=agree).base_url == URL
    assert len(asked) == 1 and "file.example" in asked[0]
    (tmp_path / "x.env").write_text(f"{MOVED}DEVIN_API_KEY={KEY}\n")
    assert Settings.load(env_file=tmp_path / "x.env").base_url == URL
    monkeypatch.setenv("DEVIN_BASE_URL", "https://mine.example")
    assert Settings.load(env_file=tmp_path / "x.env").base_url == "https://mine.example"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_settings_file_that_windows_wrote_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / ".env").write_bytes("DEVIN_ORG_ID=org-1\r\nDEVIN_MAX_ACU=5\r\n".encode(encoding))
    found = Settings.load(env_file=tmp_path / ".env")
    assert (found.org_id, found.max_acu) == ("org-1", 5)
