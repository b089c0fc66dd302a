"""Outposts: pools of machines of one's own that sessions run on, and the queue that their workers take from.

Facts: the vendor's outposts operator for Kubernetes, July 2026. They want the key of an outpost's service
user, and are made for workers: `Client.outpost_events` follows what changes.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from ..locations import Wire
from ..paging import Abridged, Detailed, Items, Page, Paged
from ..tool import WRITE, Example, Input, Output, Tool
from ..wire import GET, POST
from .shared.empty import Done
from .shared.fields import Id, Untrusted, known

OUTPOSTS = "/opbeta/outposts"
QUEUE = OUTPOSTS + "/devins"
WORK = "UseOutpostsMachine"
PHASES = ("pending", "claimed")
CHANGES = ("MODIFIED", "DELETED")
SESSION_STATUSES = ("pending", "running", "suspended", "terminated")

OutpostId = Annotated[Id, Example("outpost-00000000000000000000000000000001")]


class OutpostMetadata(Output):
    """Which outpost it is."""

    outpost_id: str
    """The id."""

    account_id: str | None = None
    """The account it belongs to."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""


class OutpostSpec(Output):
    """What an outpost is to be."""

    name: Untrusted | None = None
    """The name."""

    platform: str | None = None
    """The platform that sessions name to run there."""

    description: Untrusted | None = None
    """What it is for."""


class OutpostStatus(Output):
    """How an outpost is."""

    queue_depth: int | None = None
    """How many sessions are pending."""

    active_claims: int | None = None
    """How many sessions are claimed."""


class Outpost(Output):
    """A pool of machines of one's own."""

    metadata: OutpostMetadata
    """Which one it is."""

    spec: OutpostSpec | None = None
    """What it is to be."""

    status: OutpostStatus | None = None
    """How it is."""


class OutpostPage(Page[Outpost]):
    """One page of outposts."""

    outposts: Items[Outpost]
    """The outposts of this page."""


class OutpostSessionMetadata(Output):
    """Which session it is, and whose queue it is in."""

    session_id: str
    """The id of the session, as claim and release want it."""

    outpost_id: str | None = None
    """The outpost in whose queue it is."""

    created_at: int | None = None
    """When it came into the queue, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed there, in Unix seconds."""


class OutpostSessionSpec(Output):
    """What a session needs of a worker."""

    kind: Annotated[str, known("new", "resume")] | None = None
    """Whether it begins or goes on."""

    platform: str | None = None
    """The platform it runs on."""

    remote_binary_sha: str | None = None
    """The checksum of the program of its worker."""


class OutpostSessionStatus(Output):
    """Who works on a session, and how it is."""

    phase: Annotated[str, known(*PHASES)] | None = None
    """Whether it is still pending, or claimed by a worker."""

    acceptor_id: str | None = None
    """The worker that has it."""

    claim_deadline: int | None = None
    """Until when the worker has it unless it renews its claim, in Unix seconds."""

    session_status: Annotated[str, known(*SESSION_STATUSES)] | None = None
    """How the session itself is."""

    connect_token: Annotated[str | None, Field(repr=False, json_schema_extra={"x-secret": True})] = None
    """What the worker connects with. Only the answer to a claim holds it."""

    gateway_url: str | None = None
    """Where the worker connects to. Only the answer to a claim holds it."""


class OutpostSession(Output):
    """A session in the queue of an outpost."""

    metadata: OutpostSessionMetadata
    """Which one it is."""

    spec: OutpostSessionSpec | None = None
    """What it needs."""

    status: OutpostSessionStatus | None = None
    """Who works on it."""


class OutpostSessions(Abridged):
    """Sessions in the queue of an outpost."""

    items_field: ClassVar[str] = "sessions"

    sessions: Items[OutpostSession]
    """The sessions. One that stands at the edge of two answers comes in both."""

    cursor: str | None = None
    """Where to go on, here or in `Client.outpost_events`."""

    has_next_page: bool | None = None
    """Whether there are more by now."""

    total: int | None = None
    """How many there are in all, when the API says so."""


class OutpostEvent(Output):
    """A change in the queue of an outpost."""

    type: Annotated[str, known(*CHANGES)]
    """MODIFIED: it came, or changed. DELETED: it left the queue."""

    object: OutpostSession
    """The session as it is now; of one that left, as it was."""

    cursor: str | None = None
    """Where to go on after it."""


class _OnQueued(Input):
    session_id: Annotated[Id, Example("5e0f0000000000000000000000000001")]
    """Which session, exactly as the queue names it."""

    acceptor_id: Annotated[Id, Example("worker-1")]
    """The worker: a name of its own, the same in each of its calls."""


class ListOutposts(Paged[OutpostPage]):
    """List the outposts that the key is for, one page per call.

    It wants the key of an outpost's service user.
    """

    route = GET(OUTPOSTS, permission=WORK)
    keywords = (
        "self-hosted pools, our own machines, which on-premises runners exist, own data centre, where do "
        "our self-hosted workers sit, customer-hosted compute"
    )
    examples = ({},)


class ListOutpostSessions(Detailed[OutpostSessions]):
    """List the sessions in the queue of an outpost.

    It wants the key of an outpost's service user. Without `cursor` it begins with the oldest.
    """

    route = GET(QUEUE, permission=WORK)
    keywords = (
        "jobs waiting for our own machines, self-hosted runner backlog, pending, is anything waiting on "
        "premises, work to be done on premises, what is next for a self-hosted worker"
    )

    outpost_id: Annotated[OutpostId, Wire("outpost")]
    """Which outpost."""

    cursor: str | None = None
    """The `cursor` of the answer before: only what changed since then, and what stands at its edge again."""

    phase: Annotated[str, known(*PHASES)] | None = None
    """Only the pending ones, or those that a worker has claimed."""

    acceptor_id: Id | None = None
    """Only those that this worker has."""


class ClaimOutpostSession(_OnQueued, Tool[OutpostSession]):
    """Take a session out of the queue for a worker, or renew its claim.

    Made for the workers of an outpost: whoever claims a session and does not run it holds it up. The answer
    holds the token that the worker connects with. One that another worker has is refused (conflict).
    """

    route = POST(QUEUE + "/{session_id}/claim", permission=WORK)
    effect = WRITE.idempotent().administrative().revealing()
    keywords = (
        "pick the next job as a runner, self-hosted: accept, lease, dequeue, keep my lease alive, "
        "heartbeat, our worker is free, take the next"
    )


class ReleaseOutpostSession(_OnQueued, Tool[Done]):
    """Put a session that a worker has claimed back into the queue.

    Made for the workers of an outpost. It is refused for a session that another worker has (conflict), and
    for one that is gone.
    """

    route = POST(QUEUE + "/{session_id}/release", permission=WORK)
    effect = WRITE.administrative()
    keywords = (
        "hand the job back, requeue, self-hosted runner gives up its lease, my machine goes down, let "
        "another do it, our worker shuts down, put it back"
    )
