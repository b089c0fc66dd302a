"""Files go up and come down whole, from and into one folder, and the key goes to the API alone."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import for_every
from support.simulated_api import simulated
from support.tools import built_in, tools

from devin_tools import Client, DevinToolsError, Simulator
from devin_tools.api import CreateSession, DownloadAttachment, UploadAttachment
from devin_tools.api.attachments import Saving, parts_of
from devin_tools.errors import (
    FileFault,
    FileTaken,
    Forbidden,
    InvalidArguments,
    NotFound,
    ServerFault,
    UnexpectedResponse,
)
from devin_tools.model_input import call_from_model, model_properties
from devin_tools.settings import Settings
from devin_tools.simulator.faults import Faults
from devin_tools.tasks import DownloadSessionAttachments

FILE_ID = "0f0e0d0c-0000-4000-8000-000000000000"
FILE = {"file_id": FILE_ID, "name": "report.txt"}
DOWNLOADS = Settings.download_folder
STORE = "https://store.example/signed?key=1"
CONTENT = random.Random(7).randbytes(700_000)
HOSTILE = [
    *("../../etc/passwd", "/etc/passwd", "C:\\x\\evil.exe", "CON", "..", "x" * 300, "a\nb\x00c", ".ssh"),
    *("report.txt", "report.txt", "REPORT.TXT"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, which is where files may be."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.bin").write_bytes(CONTENT)
    return tmp_path


def download_of(url: str, **more: Any) -> DownloadAttachment:
    call = built_in().call("devin_download_attachment", {"file_id": url, **more})
    assert isinstance(call, DownloadAttachment)
    return call


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


async def there_and_back(perform: Any) -> Any:
    sent = await perform("run", UploadAttachment(path="data.bin"))
    return sent, await perform("run", download_of(sent.url, folder="down"))


def test_a_file_comes_back_as_it_went(with_client: Callable[..., Any], folder: Path) -> None:
    simulator = simulated()
    told: list[str] = []
    options = simulator.connection() | {"watch": lambda step: told.append(step.message)}
    sent, saved = with_client(None, there_and_back, **options)
    assert (sent.name, saved.name, saved.size) == ("data.bin", "data.bin", len(CONTENT))
    assert Path(saved.path) == folder / DOWNLOADS / "down" / "data.bin"
    assert Path(saved.path).read_bytes() == CONTENT
    assert names_in(folder / DOWNLOADS / "down") == {"data.bin"}
    assert told[-1] == f"{len(CONTENT)} of {len(CONTENT)} bytes received"
    assert f"{len(CONTENT)} of {len(CONTENT)} bytes sent" in told


NOT_SENT = [
    *("/etc/passwd", "//etc/passwd", "../secret", "none.bin", ".", "down/../../x", "data.bin/../../secret"),
    *("a\0b", ".env", ".git/config", "~/.bashrc", "to-env", "pipe"),
    *("/dev/stdin", "/dev/zero", "/proc/self/environ", "to-zero", "to-environ"),
]


@pytest.fixture
def temptations(folder: Path) -> None:
    """Lay out what must not be sent."""
    (folder / ".env").write_text("KEY=1")
    (folder.parent / "secret").write_text("x")
    for name, to in {"to-env": ".env", "to-zero": "/dev/zero", "to-environ": "/proc/self/environ"}.items():
        (folder / name).symlink_to(to)
    os.mkfifo(folder / "pipe")


@pytest.mark.usefixtures("temptations")
@for_every("path", lambda: NOT_SENT)
def test_no_other_file_is_sent(client: Client, simulator: Simulator, path: str) -> None:
    with pytest.raises(FileFault):
        client.run(UploadAttachment(path=path))
    assert simulator.requests == []


def test_a_link_that_leads_outside_is_not_followed(
    client: Client, simulator: Simulator, folder: Path
) -> None:
    (folder.parent / "secret").write_text("x")
    (folder / "link").symlink_to(folder.parent / "secret")
    with pytest.raises(FileFault, match="outside the folder"):
        client.run(UploadAttachment(path="link"))
    (folder / DOWNLOADS).symlink_to(folder.parent)
    with pytest.raises(FileFault, match="a link, or not a folder"):
        client.run(DownloadAttachment(**FILE))
    assert simulator.requests == []


def test_the_settings_name_other_folders(
    simulator: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "x.txt").write_text("x")
    options = simulator.connection() | {"file_root": str(other), "download_folder": "in/box"}
    with Client(**options) as client:
        sent = client.run(UploadAttachment(path=str(other / "x.txt")))
        saved = client.run(download_of(sent.url or "", save_as="y.txt"))
        assert saved.path == str(other / "in" / "box" / "y.txt")
        inner = str(other / "in" / "box" / "deep")
        assert client.run(download_of(sent.url or "", folder=inner)).path == f"{inner}/x.txt"
        with pytest.raises(FileFault, match="DEVIN_FILE_ROOT"):
            client.run(UploadAttachment(path=str(Path.cwd() / "data.bin")))


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (f"https://app.devin.ai/attachments/{FILE_ID}/a%20b.txt", (FILE_ID, "a b.txt")),
        (f"https://api.devin.ai/v3/organizations/org-1/attachments/{FILE_ID}/a.txt", (FILE_ID, "a.txt")),
        (
            f"http://127.0.0.1:1/attachments/{FILE_ID}/..%2F..%2Fetc%2Fpasswd?x=1",
            (FILE_ID, "../../etc/passwd"),
        ),
    ],
)
def test_a_url_is_read_as_the_api_s_path(url: str, parts: tuple[str, str]) -> None:
    assert parts_of(url) == parts
    call = download_of(url)
    assert (call.file_id, call.name) == parts


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "https://app.devin.ai/sessions/1",
        "https://[",
        f"https://x/attachments/{FILE_ID}/",
    ],
)
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        download_of(url)
    assert url not in str(caught.value)


class Unannounced(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose length nobody announced."""

    def __iter__(self) -> Iterator[bytes]:
        yield from (b"x" * 600, b"x" * 400)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def redirecting(
    seen: list[httpx.Request], *store: httpx.Response
) -> Callable[[httpx.Request], httpx.Response]:
    """Answer as the API and the store it leads to."""
    answers = iter(store)

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.host == "api.devin.ai":
            return httpx.Response(307, headers={"location": STORE})
        return next(answers)

    return answer


def test_the_key_stays_with_the_api(run: Callable[..., Any]) -> None:
    seen: list[httpx.Request] = []
    saved = run(redirecting(seen, httpx.Response(200, content=b"text")), DownloadAttachment(**FILE))
    assert Path(saved.path).read_bytes() == b"text"
    assert [request.url.host for request in seen] == ["api.devin.ai", "store.example"]
    assert seen[0].headers["authorization"] == "Bearer cog_key"
    assert "authorization" not in seen[1].headers and b"cog_key" not in b"".join(
        v for _, v in seen[1].headers.raw
    )


def test_a_download_that_leads_elsewhere_leaves_nothing_behind(run: Callable[..., Any], folder: Path) -> None:
    with pytest.raises(UnexpectedResponse, match="local network"):
        run(
            lambda _: httpx.Response(307, headers={"location": "http://127.0.0.1:1/"}),
            DownloadAttachment(**FILE),
        )
    assert names_in(folder / DOWNLOADS) == set()


def test_a_store_that_refuses_is_told_from_the_api(run: Callable[..., Any]) -> None:
    with pytest.raises(UnexpectedResponse, match="refused with 403"):
        run(redirecting([], httpx.Response(403, text="<Error/>")), DownloadAttachment(**FILE))
    with pytest.raises(Forbidden):
        run(lambda _: httpx.Response(403, json={"detail": "no"}), DownloadAttachment(**FILE))


def test_a_store_that_fails_for_a_moment_is_asked_again(run: Callable[..., Any]) -> None:
    seen: list[httpx.Request] = []
    answers = (httpx.Response(503), httpx.Response(200, content=b"text"))
    assert run(redirecting(seen, *answers), DownloadAttachment(**FILE)).size == 4
    assert len(seen) == 4
    with pytest.raises(ServerFault):
        run(
            redirecting([], *[httpx.Response(503)] * 2),
            DownloadAttachment(**FILE, overwrite=True),
            max_tries=2,
        )


@pytest.mark.parametrize("allowed", ["setting", "person"])
def test_a_file_that_is_there_is_replaced_only_when_a_person_allowed_it(
    run: Callable[..., Any], folder: Path, allowed: str
) -> None:
    (folder / DOWNLOADS).mkdir()
    mine = folder / DOWNLOADS / "report.txt"
    mine.write_text("mine")
    seen: list[httpx.Request] = []
    answer = redirecting(seen, httpx.Response(200, content=b"theirs"))
    with pytest.raises(FileTaken, match="DEVIN_FILE_OVERWRITE"):
        run(answer, DownloadAttachment(**FILE))
    assert mine.read_text() == "mine" and seen == []
    run(
        answer,
        DownloadAttachment(**FILE, overwrite=allowed == "person"),
        file_overwrite=allowed == "setting",
    )
    assert mine.read_text() == "theirs"


def test_a_link_is_replaced_and_not_followed_where_replacing_is_allowed(
    run: Callable[..., Any], folder: Path
) -> None:
    (folder / DOWNLOADS).mkdir()
    (folder / DOWNLOADS / "report.txt").symlink_to(folder / "data.bin")
    answer = redirecting([], httpx.Response(200, content=b"theirs"))
    run(answer, DownloadAttachment(**FILE), file_overwrite=True)
    assert (folder / "data.bin").read_bytes() == CONTENT
    assert not (folder / DOWNLOADS / "report.txt").is_symlink()


def test_no_field_that_a_model_fills_lets_a_download_replace_a_file() -> None:
    saving = [spec for spec in tools() if issubclass(spec.tool, Saving)]
    assert len(saving) >= 2
    for spec in saving:
        assert "overwrite" in spec.user_only and "overwrite" not in model_properties(spec)
        with pytest.raises(InvalidArguments, match="takes no overwrite from a model"):
            call_from_model(built_in(), spec.name, dict(spec.examples[0]) | {"overwrite": True})


@pytest.mark.parametrize("tool", ["one", "all"])
@pytest.mark.parametrize(
    "place",
    [
        ".git",
        ".ssh",
        "a/.github/workflows",
        "..",
        "../..",
        "/tmp",
        "x/../../..",
        ".GIT ",
        "git~1",
        "a\\.git",
        "CON",
    ],
)
def test_no_folder_that_is_hidden_or_elsewhere_is_saved_into(
    client: Client, simulator: Simulator, folder: Path, tool: str, place: str
) -> None:
    (folder / ".git").mkdir()
    if tool == "one":
        with pytest.raises(FileFault, match="older to save into"):
            client.run(DownloadAttachment(**FILE, folder=place))
    else:
        call = DownloadSessionAttachments(session_id=session_with(simulator, client, ["a.txt"]), folder=place)
        (row,) = client.run(call).files
        assert row.status == "failed" and "older to save into" in (row.error or "")
    assert names_in(folder) <= {"data.bin", ".git", DOWNLOADS} and names_in(folder / ".git") == set()
    assert names_in(folder / DOWNLOADS) == set()


@for_every(
    "name", lambda: ["conftest.py", "Makefile", ".bashrc", "x.desktop", "package.json", "a/.git/config"]
)
def test_a_name_that_programs_pick_up_is_refused_before_anything_is_asked(
    client: Client, simulator: Simulator, name: str
) -> None:
    with pytest.raises(FileFault, match=r"\.download"):
        client.run(DownloadAttachment(**FILE, save_as=name))
    assert simulator.requests == []


def test_a_name_that_is_taken_meanwhile_is_left_alone(run: Callable[..., Any], folder: Path) -> None:
    mine = folder / DOWNLOADS / "report.txt"

    def answer(request: httpx.Request) -> httpx.Response:
        mine.write_text("mine")
        return httpx.Response(200, content=b"theirs")

    with pytest.raises(FileTaken):
        run(answer, DownloadAttachment(**FILE))
    assert mine.read_text() == "mine"
    assert names_in(folder / DOWNLOADS) == {"report.txt"}


def test_a_folder_that_becomes_a_link_meanwhile_moves_nothing(run: Callable[..., Any], folder: Path) -> None:
    (folder / "elsewhere").mkdir()

    def answer(request: httpx.Request) -> httpx.Response:
        (folder / DOWNLOADS).rename(folder / "moved")
        (folder / DOWNLOADS).symlink_to(folder / "elsewhere")
        return httpx.Response(200, content=b"theirs")

    run(answer, DownloadAttachment(**FILE))
    assert names_in(folder / "elsewhere") == set() and names_in(folder / "moved") == {"report.txt"}


@pytest.mark.parametrize("is_announced", [True, False])
def test_no_file_may_be_larger_than_the_limit(
    run: Callable[..., Any], folder: Path, is_announced: bool
) -> None:
    whole = httpx.Response(200, content=b"x" * 1000)
    answer = redirecting([], whole if is_announced else httpx.Response(200, stream=Unannounced()))
    with pytest.raises(FileFault, match="limit of 999 bytes"):
        run(answer, DownloadAttachment(**FILE, max_bytes=999))
    assert names_in(folder / DOWNLOADS) == set()


def test_a_torn_download_is_tried_again_and_leaves_nothing_behind(folder: Path) -> None:
    simulator = simulated()
    with Client(**simulator.connection()) as client:
        sent = client.run(UploadAttachment(path="data.bin"))
    simulator.faults = Faults(rate=0.5, kinds=["cut", "lost", "reset"], seed=5)
    with Client(**simulator.connection(), max_tries=50) as client:
        for number in range(10):
            saved = client.run(download_of(sent.url or "", save_as=f"{number}.bin"))
            assert Path(saved.path or "").read_bytes() == CONTENT
    assert simulator.faults.met["cut"] > 2
    assert names_in(folder / DOWNLOADS) == {f"{number}.bin" for number in range(10)}


def session_with(simulator: Simulator, client: Client, names: list[str]) -> str:
    """Start a session that has files of these names."""
    session_id = client.run(CreateSession(prompt="x")).session_id
    record = simulator.world.session(session_id)
    for number, name in enumerate(names):
        file_id = str(UUID(int=number))
        simulator.world.files.keep(file_id, name, f"content {number}".encode(), "text/plain")
        url = f"https://app.devin.ai/attachments/{file_id}/{quote(name, safe='')}"
        record.attachments.append(
            {
                "attachment_id": f"att-{number}",
                "name": name,
                "url": url,
                "source": "devin",
                "content_type": None,
            }
        )
    return session_id


def test_hostile_names_are_saved_inside_the_folder_and_nothing_is_lost(
    client: Client, simulator: Simulator, folder: Path
) -> None:
    names = [name for name in HOSTILE if name != ".."]
    call = DownloadSessionAttachments(session_id=session_with(simulator, client, names), folder="down")
    before = names_in(folder) | {DOWNLOADS}
    first = client.run(call)
    rows = {row.attachment_id: row for row in first.files}
    hidden = rows[f"att-{names.index(chr(10).join(['a', 'b' + chr(0) + 'c']))}"]
    assert hidden.status == "failed"  # a name no path of the API can hold is refused, and said
    saved = [row for row in first.files if row.status == "saved"]
    assert len(saved) == len(names) - 1
    for row in saved:
        path = Path(row.path or "")
        assert path.parent == folder / DOWNLOADS / "down"
        assert path.read_text() == f"content {row.attachment_id.removeprefix('att-')}"
    assert {"report.txt", "report-2.txt", "REPORT-3.TXT"} <= names_in(folder / DOWNLOADS / "down")
    assert names_in(folder) == before

    again = client.run(call)
    assert [row.status for row in again.files] == ["failed" if r is hidden else "kept" for r in first.files]


def test_a_file_that_fails_keeps_no_other_from_coming(client: Client, simulator: Simulator) -> None:
    session_id = session_with(simulator, client, ["a.txt", "b.txt", "c.txt"])
    record = simulator.world.session(session_id)
    record.attachments[0]["url"] = f"https://app.devin.ai/attachments/{UUID(int=99)}/a.txt"
    record.attachments[1]["url"] = "https://evil.example/b.txt"
    output = client.run(DownloadSessionAttachments(session_id=session_id))
    assert [row.status for row in output.files] == ["failed", "failed", "saved"]
    assert "404" in (output.files[0].error or "") and "not that of a file" in (output.files[1].error or "")


def test_unknown_files_rights_and_old_links_are_refused() -> None:
    keys = {"cog_up": {"UseDevinSessions"}, "cog_down": {"ViewOrgSessions"}}
    simulator = simulated(keys=keys)
    options = simulator.connection()
    with Client(**options) as up, Client(**options | {"api_key": "cog_down"}) as down:
        sent = up.run(UploadAttachment(path="data.bin"))
        with pytest.raises(Forbidden):
            down.run(UploadAttachment(path="data.bin"))
        with pytest.raises(Forbidden):
            up.run(download_of(sent.url or "", save_as="x.txt"))
        with pytest.raises(NotFound):
            down.run(DownloadAttachment(**FILE))
        assert down.run(download_of(sent.url or "", save_as="x.txt")).size == len(CONTENT)
    link = simulator.world.files.link(*parts_of(sent.url or ""), "token", simulator.clock.now())
    with httpx.Client(transport=simulator.transport()) as http:
        assert http.get(link, headers={"authorization": "Bearer cog_down"}).status_code == 400
        assert http.get(link).content == CONTENT
        simulator.clock.step(61)
        assert http.get(link).status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {"content": b"", "headers": {"content-type": "multipart/form-data; boundary=b"}},
        {"content": b"--b\r\nbroken", "headers": {"content-type": "multipart/form-data; boundary=b"}},
        {"files": {"other": ("a.txt", b"x")}},
        {"data": {"file": "no file"}, "files": {"more": ("a", b"x")}},
        {"json": {"file": "x"}},
        {"files": {"file": ("a.txt", b"x")}, "cut": True},
    ],
)
def test_the_simulator_takes_a_form_with_a_file_and_nothing_else(
    simulator: Simulator, sent: dict[str, Any]
) -> None:
    url = f"https://api.devin.ai/v3/organizations/{simulator.world.org_id}/attachments"
    is_cut = sent.pop("cut", False)
    with httpx.Client(transport=simulator.transport(), headers={"authorization": "Bearer cog_x"}) as http:
        request = http.build_request("POST", url, **sent)
        if is_cut:
            whole = request.read()
            request = http.build_request(
                "POST", url, content=whole[:-6], headers={"content-type": request.headers["content-type"]}
            )
        got = http.send(request)
    assert got.status_code == 422


def test_a_dry_run_shows_the_file_and_sends_nothing(client: Client, simulator: Simulator) -> None:
    (request,) = client.preview(UploadAttachment(path="data.bin")).requests
    assert (request.method, request.file, request.body) == ("POST", "data.bin", None)
    assert simulator.requests == []


@given(st.text(min_size=1))
def test_any_name_travels_as_one_segment_or_is_refused(name: str) -> None:
    try:
        call = DownloadAttachment(file_id=FILE_ID, name=name)
    except ValueError:
        return
    asked = next(call.flow())
    assert asked.path.count("/") == 6 and "?" not in asked.path and "#" not in asked.path  # type: ignore[union-attr]


def test_errors_about_files_are_errors_of_the_package() -> None:
    assert issubclass(FileTaken, FileFault) and issubclass(FileFault, DevinToolsError)
