"""The queue of sessions and the machines that they run on. Facts: docs.devin.ai, queue and hypervisors."""

from __future__ import annotations

from typing import Annotated

from ...paging import Items, Page, Paged
from ...tool import READ, Output, Tool
from ...wire import GET
from ..shared.fields import Text, known

STATES = ("available", "restarting", "disconnected", "terminated", "draining")


class QueueStatus(Output):
    """How many sessions have no machine yet."""

    queue_size: int
    """How many wait."""

    status: Annotated[str, known("normal", "elevated", "high")] | None = None
    """Whether that is more than usual."""


class Hypervisor(Output):
    """A machine that sessions run on."""

    hypervisor_id: str
    """The id."""

    status: Annotated[str, known(*STATES)] | None = None
    """Its state."""

    utilization_percentage: float | None = None
    """How much of it is in use, in percent."""

    cloud_provider_instance_id: str | None = None
    """What the cloud provider calls it."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    last_heartbeat: int | None = None
    """When it was last heard of, in Unix seconds."""


class HypervisorPage(Page[Hypervisor]):
    """One page of machines."""

    hypervisors: Items[Hypervisor]
    """The machines of this page."""


class GetQueue(Tool[QueueStatus]):
    """Read how many sessions of the enterprise have no machine yet."""

    route = GET("/v3/enterprise/queue", permission="ViewAccountSessions")
    keywords = (
        "why does it not start, capacity, backlog, waiting for a VM, overloaded, busy, congestion, delays "
        "at the moment, nothing starts, is it overloaded, is it down, slow today, how long must we wait, "
        "stuck at the start"
    )
    examples = ({},)


class ListHypervisors(Paged[HypervisorPage]):
    """List the machines that sessions of the enterprise run on, one page per call.

    Left to itself the API lists those that are available.
    """

    route = GET("/v3/enterprise/hypervisors", permission="ViewEnterpriseInfraDetails")
    effect = READ.private()
    keywords = (
        "servers, hosts, nodes, VPC capacity, utilisation, load, are they healthy, VMs, dedicated "
        "infrastructure"
    )
    examples = ({"limit": 50}, {"status": "all"})

    status: Annotated[Text, known(*STATES, "all")] | None = None
    """Only machines in this state; `all` for every state. The API's own default is `available`."""
