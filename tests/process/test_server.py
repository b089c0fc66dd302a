"""What only a real process shows: ports, signals, and that running calls end before it does."""

from __future__ import annotations

import signal
import socket
import threading
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from support.served_processes import TOKEN, served, slow_api, stop

from devin_tools.cli import cli

pytest.importorskip("uvicorn", reason="python3 -m pip install 'devin-tools[server]'")

SERVE = ["serve", "--port", "0"]
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
WITH_TOKEN = {"DEVIN_SERVE_TOKEN": TOKEN}
SESSION = {"session_id": "abc"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_simulator_is_served_until_it_is_told_to_stop(number):
    with served("--simulate", *SERVE, **WITH_TOKEN) as (process, url):
        assert url.startswith("http://127.0.0.1:")
        document = httpx.get(f"{url}/openapi.json").json()
        assert document["servers"] == [{"url": url}]
        assert httpx.get(f"{url}/readyz").json() == {"status": "ready"}
        got = httpx.post(f"{url}/tools/devin_list_sessions", json={"limit": 3}, headers=HEADERS)
        assert len(got.json()["sessions"]) == 3
        assert httpx.post(f"{url}/tools/devin_get_self").status_code == 401
        assert stop(process, number) == (0, "", "")


def test_a_server_that_is_stopped_at_once_stops():
    with served("--simulate", *SERVE, **WITH_TOKEN) as (process, _):
        assert stop(process) == (0, "", "")


def test_a_simulated_task_finishes_by_itself():
    with served("--simulate", *SERVE, **WITH_TOKEN) as (_, url), httpx.Client(headers=HEADERS) as client:
        got = client.post(f"{url}/tools/devin_run_task", json={"prompt": "Look."}, timeout=30).json()
        while got["resume_with"]:
            rest = got["resume_with"]
            got = client.post(f"{url}/tools/{rest['name']}", json=rest["arguments"], timeout=30).json()
        assert got["outcome"] == "finished"


def test_a_running_call_ends_before_the_server_does():
    with slow_api(1.0) as (api, asked), served(*SERVE, **real(api)) as (process, url):
        answers: list[httpx.Response] = []
        calling = threading.Thread(target=lambda: answers.append(call(url)))
        calling.start()
        assert asked.wait(30)
        code, _, err = stop(process)
        calling.join(30)
    assert (code, err) == (0, "")
    assert (answers[0].status_code, answers[0].json()["session_id"]) == (200, "abc")


def test_a_call_that_does_not_end_is_told_that_the_server_stops():
    with slow_api(20) as (api, asked), served(*SERVE, "--grace", "1", **real(api)) as (process, url):
        answers: list[httpx.Response] = []
        calling = threading.Thread(target=lambda: answers.append(call(url)))
        calling.start()
        assert asked.wait(30)
        code, _, err = stop(process)
        calling.join(30)
    assert code == 0
    assert "Traceback" not in err
    assert (answers[0].status_code, answers[0].json()["error"]["kind"]) == (503, "stopping")


def real(api: str) -> dict[str, str]:
    return WITH_TOKEN | {"DEVIN_BASE_URL": api, "DEVIN_API_KEY": "cog_canary", "DEVIN_ORG_ID": "org-1"}


def call(url: str) -> httpx.Response:
    return httpx.post(f"{url}/tools/devin_get_session", json=SESSION, headers=HEADERS, timeout=30)


def test_broken_requests_and_an_unreachable_api_leave_no_secret_behind():
    with served("-v", *SERVE, **real("http://127.0.0.1:1"), DEVIN_MAX_TRIES="1") as (process, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"NO HTTP AT ALL\r\n\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 400")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(
                f"POST /tools/devin_get_self HTTP/1.1\r\nauthorization: Bearer {TOKEN}\r\n".encode()
            )
        assert call(url).json()["error"]["kind"] == "connection_failed"
        assert httpx.get(f"{url}/readyz").status_code == 503
        code, out, err = stop(process)
    assert (code, out) == (0, "")
    assert "POST /tools/devin_get_session -> 502 in " in err
    for text in (TOKEN, "cog_canary", "Traceback"):
        assert text not in err


def test_only_the_chosen_tools_are_offered(tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    words = ["--token-file", str(file), "--read-only", "--tools", "devin_get_self,devin_archive_session"]
    with served("--simulate", *SERVE, *words) as (_, url):
        assert list(httpx.get(f"{url}/openapi.json").json()["paths"]) == ["/tools/devin_get_self"]
        got = httpx.post(f"{url}/tools/devin_archive_session", json=SESSION, headers=HEADERS)
        assert (got.status_code, got.json()["error"]["kind"]) == (403, "refused")


def test_without_a_token_it_says_so_and_serves_this_machine():
    with served("--simulate", *SERVE, "--no-auth") as (process, url):
        assert httpx.post(f"{url}/tools/devin_get_self").status_code == 200
        code, _, err = stop(process)
    assert (code, err) == (0, "warning: Every program on this machine can call it.\n")


def refused(*words: str, monkeypatch: pytest.MonkeyPatch, **variables: str) -> tuple[int, str]:
    """Run, in this process, a command that cannot start; give its exit code and standard error."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    got = CliRunner().invoke(cli, list(words))
    return got.exit_code, got.stderr


@pytest.mark.parametrize(
    ("words", "variables", "code", "said"),
    [
        ([], {}, 3, "No server token is set."),
        ([], {"DEVIN_SERVE_TOKEN": "short"}, 3, "16 to 512"),
        (["--token-file", "no_such_file"], {}, 3, "no_such_file"),
        (["--no-auth", "--host", "0.0.0.0"], {}, 2, "loopback only"),
        (["--no-auth", "--token-file", "x"], {}, 2, "exclude each other"),
        (["--tools", "devin_get_sesion"], WITH_TOKEN, 2, "Did you mean devin_get_session"),
        (["--public-url", "tools.example"], WITH_TOKEN, 2, "must start with"),
        (["--host", "no such host"], WITH_TOKEN, 2, "cannot be used"),
    ],
)
def test_a_server_that_cannot_be_started_says_why(monkeypatch, words, variables, code, said):
    got, err = refused("--simulate", *SERVE, *words, monkeypatch=monkeypatch, **variables)
    assert got == code
    assert said in err
    assert "Traceback" not in err


def test_a_server_without_a_devin_key_is_not_started(monkeypatch):
    code, err = refused(*SERVE, monkeypatch=monkeypatch, **WITH_TOKEN)
    assert (code, "No API key is set." in err) == (3, True)


def test_a_taken_port_is_one_line(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        words = ["--simulate", "serve", "--port", port]
        code, err = refused(*words, monkeypatch=monkeypatch, **WITH_TOKEN)
    assert code == 2
    assert f"127.0.0.1, port {port}, cannot be used: Address already in use." in err
    assert err.count("\n") == 1


def test_a_missing_uvicorn_is_named_with_what_to_install(monkeypatch, simulator):
    import builtins

    from support.served_apps import simulated

    from devin_tools.errors import UsageError
    from devin_tools.server.serving import Address, serve

    real_import = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "uvicorn":
            raise ImportError(name)
        return real_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match="needs uvicorn") as refusal:
        serve(simulated(simulator), Address(), grace_seconds=1, ready=print)
    assert "devin-tools[server]" in refusal.value.hint
