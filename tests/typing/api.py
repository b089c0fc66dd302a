"""The public types. Never run: mypy and basedpyright check it, the wrong calls included."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any, assert_type

from pydantic import BaseModel

from devin_tools import (
    AsyncClient,
    Catalog,
    Client,
    Settings,
    Simulator,
    Spec,
    Tool,
    describe,
    expecting,
    load_catalog,
)
from devin_tools.api import (
    AppendSessionTags,
    ArchiveSession,
    Attachment,
    AttachmentPage,
    CreatedSession,
    CreateSession,
    GetSelf,
    GetSession,
    GetSessionTags,
    ListSchedules,
    ListSessionAttachments,
    ListSessionMessages,
    ListSessions,
    Message,
    MessagePage,
    OnSession,
    Principal,
    PullRequest,
    ReplaceSessionTags,
    Schedule,
    SendMessage,
    SentMessage,
    Session,
    SessionPage,
    SessionSecret,
    TagList,
    TerminateSession,
    UnarchiveSession,
    sessions,
)
from devin_tools.client.preview import Preview, PreviewedRequest
from devin_tools.flow import Flow, Progress
from devin_tools.paging import Items, Page, Paged
from devin_tools.tasks import (
    Event,
    Resumption,
    RunTask,
    SettledSession,
    TaskOutput,
    TypedTaskOutput,
    Waited,
    WaitedSessions,
    WaitSession,
    WaitSessions,
)
from devin_tools.tool import Output
from devin_tools.wire import GET


class Pong(Output):
    """What a third party's tool gives back."""

    text: str = ""
    """What it says."""


class PingSession(OnSession, Tool[Pong]):
    """Ping a session."""

    route = GET("/v3/organizations/{org_id}/sessions/{session_id}/ping")


class PongPage(Page[Pong]):
    """A page of what a third party lists."""

    pongs: Items[Pong]


class ListPongs(Paged[PongPage]):
    """List what was said."""

    route = GET("/v3/organizations/{org_id}/pongs")


class OldPongPage(Page):
    """A page whose rows type checkers are not told."""

    pongs: Items[Pong]


class ListOldPongs(Paged[OldPongPage]):
    """List what was said before."""

    route = GET("/v3/organizations/{org_id}/old-pongs")


def outputs(client: Client) -> None:
    assert_type(client.run(CreateSession(prompt="x")), CreatedSession)
    assert_type(client.run(GetSession(session_id="x")), Session)
    assert_type(client.run(ListSessions(limit=5, tags=["a"])), SessionPage)
    assert_type(client.run(SendMessage(session_id="x", message="y")), SentMessage)
    assert_type(client.run(ListSessionMessages(session_id="x")), MessagePage)
    assert_type(client.run(ListSessionAttachments(session_id="x")), AttachmentPage)
    assert_type(client.run(GetSessionTags(session_id="x")), TagList)
    assert_type(client.run(AppendSessionTags(session_id="x", tags=["a"])), TagList)
    assert_type(client.run(ReplaceSessionTags(session_id="x", tags=[])), TagList)
    assert_type(client.run(ArchiveSession(session_id="x")), Session)
    assert_type(client.run(UnarchiveSession(session_id="x")), Session)
    assert_type(client.run(TerminateSession(session_id="x", archive=True)), Session)
    assert_type(client.run(GetSelf()), Principal)
    assert_type(client.run(PingSession(session_id="x")), Pong)
    assert_type(client.run(TerminateSession(session_id="x"), confirm=True), Session)
    assert_type(client.run(WaitSession(session_id="x", max_seconds=45)), Waited)
    assert_type(client.run(WaitSessions(session_ids=["x"], until="any")), WaitedSessions)


def fields(session: Session, page: SessionPage, messages: MessagePage, files: AttachmentPage) -> None:
    assert_type(session.session_id, str)
    assert_type(session.status, str | None)
    assert_type(session.acus_consumed, float | None)
    assert_type(session.pull_requests, list[PullRequest])
    assert_type(session.structured_output, dict[str, Any] | None)
    assert_type(page.sessions, list[Session])
    assert_type(page.end_cursor, str | None)
    assert_type(messages.messages, list[Message])
    assert_type(files.attachments, list[Attachment])


def walks(client: Client) -> None:
    assert_type(client.pages(ListSessions()), Iterator[SessionPage])
    assert_type(client.pages(ListSessionMessages(session_id="x")), Iterator[MessagePage])
    assert_type(client.items(ListSessions()), Iterator[Session])
    assert_type(client.items(ListSessionMessages(session_id="x")), Iterator[Message])
    assert_type(client.items(ListSchedules()), Iterator[Schedule])
    assert_type(client.items(ListPongs()), Iterator[Pong])
    assert_type(client.items(ListOldPongs()), Iterator[Any])
    assert_type(client.run(ListSessions()).items, list[Session])


class Report(BaseModel):
    cause: str


def tasks(client: Client) -> None:
    task = client.run(RunTask(prompt="x"))
    assert_type(task, TaskOutput)
    assert_type(task.messages, list[Message])
    assert_type(task.resume_with, Resumption | None)
    assert_type(expecting(Report, prompt="x"), Tool[TypedTaskOutput[Report]])
    assert_type(client.run(expecting(Report, prompt="x")).value, Report | None)


def waits(waited: Waited, many: WaitedSessions, created: CreatedSession, sent: SentMessage) -> None:
    assert_type(waited.session, Session)
    assert_type(waited.resume_with, Resumption | None)
    assert_type(many.settled, list[SettledSession])
    assert_type(many.settled[0].session, Session | None)
    assert_type(created.creation, str)
    assert_type(sent.delivery, str)


def events(client: Client) -> None:
    assert_type(client.events(RunTask(prompt="x")), Iterator[Progress[Event | TaskOutput | None]])
    for step in client.events(WaitSession(session_id="x"), confirm=True):
        assert_type(step, Progress[Event | Waited | None])
        assert_type(step.value, Event | Waited | None)
        if isinstance(step.value, Event):
            assert_type(step.value.session, Session)
            assert_type(step.value.message, Message | None)
            assert_type(step.value.pull_request_url, str | None)
        if isinstance(step.value, Waited):
            assert_type(step.value.session, Session)


def dry_runs(client: Client) -> None:
    assert_type(client.preview(CreateSession(prompt="x")), Preview)
    assert_type(client.preview(GetSelf()).requests, list[PreviewedRequest])


async def asynchronous(client: AsyncClient) -> None:
    assert_type(await client.run(CreateSession(prompt="x"), confirm=True), CreatedSession)
    assert_type(await client.run(expecting(Report, prompt="x")), TypedTaskOutput[Report])
    assert_type(client.events(RunTask(prompt="x")), AsyncIterator[Progress[Event | TaskOutput | None]])
    assert_type(await client.run(SendMessage(session_id="x", message="y")), SentMessage)
    assert_type(await client.run(PingSession(session_id="x")), Pong)
    assert_type(client.pages(ListSessions()), AsyncIterator[SessionPage])
    assert_type(client.items(ListSessions()), AsyncIterator[Session])
    async for message in client.items(ListSessionMessages(session_id="x")):
        assert_type(message, Message)
    async for page in client.pages(ListSessions()):
        assert_type(page, SessionPage)


def flows(client: Client) -> None:
    assert_type(GetSession(session_id="x").flow(), Flow[Session])
    assert_type(client.drive(GetSession(session_id="x").flow()), Session)


def plain_data(catalog: Catalog) -> None:
    assert_type(load_catalog(), Catalog)
    assert_type(catalog.spec("devin_get_session"), Spec)
    assert_type(catalog.call("devin_get_session", {"session_id": "x"}), Tool[Any])
    assert_type(describe(GetSession), Spec)


def ways_to_make_a_client(simulator: Simulator) -> None:
    with Client() as one, Client(api_key="cog_x", org_id="org-x"), Client(Settings.load(env_file=".env")):
        assert_type(one, Client)
    assert_type(Client(**simulator.connection(), guards=()), Client)
    assert_type(AsyncClient(**simulator.connection()), AsyncClient)
    assert_type(Client(api_key=None, timeout=5, max_tries=2, allowed_tools=["devin_get_self"]), Client)
    assert_type(Client(env_file=Path(".env"), file_root=Path(), read_only=True), Client)
    assert_type(Client(Settings(), timeout=3).acting_as(api_key="cog_x", org_id="org-x"), Client)


def wrong_calls(client: Client) -> None:
    CreateSession()  # type: ignore[call-arg]
    CreateSession("x")  # type: ignore[call-arg]
    CreateSession(prompt="x", promt="y")  # type: ignore[call-arg]
    CreateSession(prompt=1)  # type: ignore[arg-type]
    GetSession(session_id=None)  # type: ignore[arg-type]
    ListSessions(created_after="2026-01-31", created_before=date(2026, 2, 1), updated_after=1767225600)
    ListSessions(created_after=[1])  # type: ignore[arg-type]
    ListSessions(limit="many")  # type: ignore[arg-type]
    SessionSecret(key="k", value=1)  # type: ignore[arg-type]
    RunTask(prompt="x", timeout_seconds="soon")  # type: ignore[arg-type]
    WaitSessions(session_ids=["x"], until="some")  # type: ignore[arg-type]
    expecting(int, prompt="x")  # type: ignore[type-var]
    Client(apikey="x")  # type: ignore[call-arg]
    Client(timeout="x")  # type: ignore[arg-type]
    Client(max_acu=2.5)  # type: ignore[arg-type]
    Client("cog_x")  # type: ignore[arg-type]
    AsyncClient(apikey="x")  # type: ignore[call-arg]
    Settings.load(verify=False)  # type: ignore[call-arg]
    Settings(apikey="x")  # type: ignore[call-arg]
    client.acting_as(apikey="x")  # type: ignore[call-arg]
    client.run(CreateSession(prompt="x"), True)  # type: ignore[call-arg]
    client.run(GetSession)  # type: ignore[arg-type]
    client.run("devin_get_session")  # type: ignore[arg-type]
    client.pages(GetSession(session_id="x"))  # type: ignore[type-var]
    client.items(GetSelf())  # type: ignore[arg-type]
    client.events(GetSelf)  # type: ignore[arg-type]
    print(client.run(GetSession(session_id="x")).sessions)  # type: ignore[attr-defined]


async def wrong_asynchronous_calls(client: AsyncClient) -> None:
    client.pages(GetSession(session_id="x"))  # type: ignore[type-var]
    print((await client.run(GetSession(session_id="x"))).sessions)  # type: ignore[attr-defined]


def names_of_sessions_where_they_were(mode: sessions.Mode, status: sessions.Status) -> None:
    assert_type(sessions.Session(session_id="x", devin_mode=mode, status=status), Session)
    assert_type(sessions.OnSession(session_id="x"), OnSession)
    print(
        sessions.SESSION, sessions.SESSIONS, sessions.CreatedSession, sessions.StatusDetail, sessions.Category
    )
