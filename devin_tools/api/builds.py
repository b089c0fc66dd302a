"""Builds: what makes a snapshot of the blueprints, from which new sessions start (beta).

Facts: docs.devin.ai, API reference, snapshot setup.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ..codec import decode, encode
from ..flow import Flow
from ..paging import Items, Page, Paged
from ..tool import READ, WRITE, Example, Input, Output, Tool
from ..wire import DELETE, GET, POST
from .blueprints import PresignedDownload
from .shared.empty import Done
from .shared.fields import Id, known
from .shared.once import once

BUILDS = "/v3beta1/organizations/{org_id}/snapshot-setup/builds"
BUILD = BUILDS + "/{build_id}"
PIN = BUILD + "/pin"
READS, MANAGE = "ManageRepoBlueprints", "ManageOrgSnapshots"
BUILD_STATUSES = ("pending", "running", "succeeded", "failed", "cancelled")
BUILD_TRIGGERS = ("manual", "auto")


class Build(Output):
    """A build. How its single steps went is in its log alone."""

    build_id: str
    """The id."""

    status: Annotated[str, known(*BUILD_STATUSES)] | None = None
    """How far it is."""

    trigger: Annotated[str, known(*BUILD_TRIGGERS)] | None = None
    """Whether somebody started it, or Devin by itself; null where that is not known."""

    pinned: bool | None = None
    """Whether new sessions start from this one, whatever is built later."""

    started_at: int | None = None
    """When it began to run, in Unix seconds; null before."""

    completed_at: int | None = None
    """When it ended, in Unix seconds; null before."""

    created_at: int | None = None
    """When it was asked for, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""

    triggered_by_user_id: str | None = None
    """The user who started it; null where that was no user."""


class BuildPage(Page[Build]):
    """One page of builds."""

    builds: Items[Build]
    """The builds of this page."""


class OnBuild(Input):
    """What is about one build."""

    build_id: Annotated[Id, Example("build-00000000000000000000000000000001")]
    """Which build."""


class ListBuilds(Paged[BuildPage]):
    """List the builds of the organisation, one page per call."""

    route = GET(BUILDS, permission=READS)
    keywords = (
        "recent snapshots, images of the machine, did the environment setups pass, past setups, when was "
        "the image made last, which image is in use, history of images"
    )
    examples = ({"limit": 20}, {"active": True})

    status: Annotated[str, known(*BUILD_STATUSES)] | None = None
    """Only builds of this status."""

    active: bool | None = None
    """With true, only the build that new sessions start from now, if there is one."""


class _SendsEmptyBody(Tool[Build]):
    """A tool whose request needs a body, though no field travels in it."""

    is_one_request = False

    def flow(self) -> Flow[Build]:
        """Send an empty object: the API wants one, and keeps it for fields to come."""
        assert self.route is not None
        known_ids = {name: value for name, value in vars(self).items() if name in self.route.placeholders}
        return decode(Build, (yield replace(encode(self.route, self), body={})), known_ids)


class StartBuild(_SendsEmptyBody):
    """Start a build of the current blueprints; it goes on by itself.

    New sessions start from it once it has succeeded, unless another one is pinned. Read it, or its log,
    to see how it goes. When the answer is lost nothing is repeated: the error asks you to look at the list
    first.
    """

    route = POST(BUILDS, permission=MANAGE)
    keywords = (
        "apply the new setup script, refresh the machine, rerun the setup, make my environment change "
        "live, rebuild the environment, new snapshot, new image"
    )
    examples = ({},)

    def flow(self) -> Flow[Build]:
        """Send the request once."""
        return once(super().flow, None)


class GetBuild(OnBuild, Tool[Build]):
    """Read how far a build is."""

    route = GET(BUILD, permission=READS)
    keywords = (
        "is the snapshot ready, progress of the image, is my environment ready, image broken or good, did "
        "the environment setup fail or pass, status of the image"
    )


class GetBuildLogs(OnBuild, Tool[PresignedDownload]):
    """Get a link to the log of a build, good for 10 minutes.

    Whoever has the link can read the log without a key.
    """

    route = GET(BUILD + "/logs", permission=READS)
    effect = READ.private()
    keywords = (
        "why did the environment setup break, output, errors of the install steps, console of the "
        "snapshot, image, setup is failing, what does the output say, stack trace"
    )


class CancelBuild(OnBuild, Tool[Build]):
    """Cancel a build that has not ended; one that has stays as it is.

    Its `status` says which of both it was.
    """

    route = POST(BUILD + "/cancel", permission=MANAGE)
    effect = WRITE.idempotent()
    keywords = (
        "kill the running environment setup, I started the image by mistake, never mind the rebuild, "
        "wrong setup script, stop the snapshot, abort it"
    )


class PinBuild(OnBuild, _SendsEmptyBody):
    """Have new sessions start from this build until it is unpinned.

    It must have succeeded, and be less than 7 days old; any other is refused. One build is pinned at a time.
    """

    route = POST(PIN, permission=MANAGE)
    effect = WRITE.idempotent().reversible()
    keywords = (
        "roll back to yesterday's snapshot, freeze, lock the environment, image, go back to a good "
        "machine, known working, keep using this version, go back to the one from Tuesday, last one that "
        "worked, broken since last night, revert"
    )


class UnpinBuild(OnBuild, Tool[Done]):
    """Unpin a build: new sessions start from the latest one that succeeded again.

    Nothing happens when this build is not pinned. One that is 7 days old cannot be pinned again.
    """

    route = DELETE(PIN, permission=MANAGE)
    keywords = (
        "unfreeze, unlock the environment, stop the rollback, back to normal, follow the latest, use the "
        "newest snapshot again"
    )
