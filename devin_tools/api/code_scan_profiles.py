"""Profiles: what scans of code look for, and how. Facts: docs.devin.ai, API reference, code scans.

The fields that are written are those that answers hold, which the vendor's own MCP server takes too.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..codec import encode
from ..flow import Flow
from ..paging import Abridged, Detailed, Items, Page, Paged
from ..tool import Example, Input, Tool
from ..wire import GET, PATCH, POST
from .shared.fields import GivenOrEmpty, Id, Name, Untrusted, as_is, known
from .shared.merging import with_cleared
from .shared.once import CreateOnce

PROFILES = "/v3/organizations/{org_id}/code-scans/profiles"
BETA_PROFILES = "/v3beta1/organizations/{org_id}/code-scans/profiles"
VIEW, USE = "ViewCodeScans", "UseCodeScans"

SCAN_TYPES = (
    "security", "performance", "db-queries", "test-coverage", "dead-code", "code-quality", "cleanup",
    "telemetry", "accessibility", "compliance", "migration-docs", "general",
)  # fmt: skip
PROFILE_MODES = ("discover", "ingest")
DEFAULT_TYPE = "security"
EXAMPLE_PROFILE = f"csprof-{1:032x}"

ScanType = Annotated[str, known(*SCAN_TYPES)]
ProfileMode = Annotated[str, known(*PROFILE_MODES)]
Globs = Annotated[list[Name], Field(max_length=1_000)]


class CodeScanProfile(Abridged):
    """A profile: what a scan looks for, and how."""

    profile_id: str
    """The id, as `csprof-...`."""

    name: Untrusted | None = None
    """The name."""

    description: Untrusted | None = None
    """What it is for."""

    mode: ProfileMode | None = None
    """Whether its scans discover findings by themselves, or ingest those of another scanner."""

    scan_type: ScanType | None = None
    """What its scans look for."""

    visibility: Annotated[str, known("org", "account")] | None = None
    """Whether it belongs to one organisation, or is shared by all of the account."""

    org_id: str | None = None
    """The organisation it belongs to; null for one that is shared."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""


class CodeScanProfilePage(Page[CodeScanProfile]):
    """One page of profiles."""

    profiles: Items[CodeScanProfile]
    """The profiles of this page, without their guidance."""


class CodeScanProfileDetails(CodeScanProfile):
    """A profile with its guidance for each phase of a scan."""

    include_globs: list[Untrusted] | None = None
    """The files to scan; null for all."""

    exclude_globs: list[Untrusted] | None = None
    """The files to leave out."""

    threat_model_guidance: Untrusted | None = None
    """What to look for."""

    investigation_guidance: Untrusted | None = None
    """How to investigate."""

    validation_guidance: Untrusted | None = None
    """How to confirm a finding."""

    triage_guidance: Untrusted | None = None
    """How to sort findings, and which to drop."""

    report_guidance: Untrusted | None = None
    """What to report, and how."""

    remediation_guidance: Untrusted | None = None
    """How to fix a finding."""

    communication_guidance: Untrusted | None = None
    """Who is told, and what, when a scan is done."""

    ingestion_source_guidance: Untrusted | None = None
    """Where the findings of another scanner are."""

    post_ingestion_guidance: Untrusted | None = None
    """What to do with them."""


class _OnProfile(Input):
    profile_id: Annotated[Id, Example(EXAMPLE_PROFILE)]
    """Which profile, as `csprof-...`."""


class ListCodeScanProfiles(Paged[CodeScanProfilePage]):
    """List the profiles that scans can run by, newest first, one page per call."""

    route = GET(PROFILES, permission=VIEW)
    keywords = (
        "which security check settings exist, rule sets, policies for security checks, presets of the "
        "scanner, what kinds of security check are there"
    )
    examples = ({"limit": 20},)


class GetCodeScanProfile(_OnProfile, Detailed[CodeScanProfileDetails]):
    """Read a profile with its guidance for each phase of a scan."""

    route = GET(PROFILES + "/{profile_id}", permission=VIEW)
    keywords = (
        "what does the security check look for, show the rule set, policy, instructions, how strict is "
        "the check"
    )


class _Guidance(Input):
    """What there is to say of a profile, whether it is made or changed."""

    description: GivenOrEmpty = as_is()
    """What it is for."""

    scan_type: ScanType = as_is()
    """What its scans look for. Left out of a new one: security."""

    include_globs: Globs = as_is()
    """The files to scan. Left out of a new one: all."""

    exclude_globs: Globs = as_is()
    """The files to leave out."""

    threat_model_guidance: GivenOrEmpty = as_is()
    """What to look for."""

    investigation_guidance: GivenOrEmpty = as_is()
    """How to investigate."""

    validation_guidance: GivenOrEmpty = as_is()
    """How to confirm a finding."""

    triage_guidance: GivenOrEmpty = as_is()
    """How to sort findings, and which to drop."""

    report_guidance: GivenOrEmpty = as_is()
    """What to report, and how."""

    remediation_guidance: GivenOrEmpty = as_is()
    """How to fix a finding."""

    communication_guidance: GivenOrEmpty = as_is()
    """Who is told, and what, when a scan is done."""

    ingestion_source_guidance: GivenOrEmpty = as_is()
    """Where the findings of another scanner are; name a secret there, and never write its value."""

    post_ingestion_guidance: GivenOrEmpty = as_is()
    """What to do with them."""


class CreateCodeScanProfile(_Guidance, CreateOnce[CodeScanProfileDetails]):
    """Create a profile for scans of this organisation.

    When the answer is lost nothing is repeated: the error asks you to look at the list first.
    """

    route = POST(BETA_PROFILES, permission=USE)
    keywords = (
        "new rule set, policy for security checks, tell the scanner what to look for, instructions for "
        "vulnerability hunts, our own security rules, stricter check, OWASP"
    )
    examples = (
        {
            "name": "Injection",
            "scan_type": "security",
            "threat_model_guidance": "Look for queries made of text that users wrote.",
        },
    )

    name: Name
    """The name."""

    mode: ProfileMode = as_is()
    """Whether its scans discover findings, or ingest those of another scanner; it cannot be changed
    later. Left out: discover."""


class UpdateCodeScanProfile(_Guidance, _OnProfile, Tool[CodeScanProfileDetails]):
    """Change some fields of a profile, for scans that start from now on.

    The other fields stay as they are; empty text empties one.
    """

    route = PATCH(BETA_PROFILES + "/{profile_id}", permission=USE)
    keywords = (
        "edit the rule set, policy, tune what the scanner looks for, fewer false alarms, ignore a folder, "
        "too many false positives, change our security rules"
    )
    examples = ({"profile_id": EXAMPLE_PROFILE, "description": "For what is on the internet."},)

    name: Name = as_is()
    """A new name."""

    def flow(self) -> Flow[CodeScanProfileDetails]:
        """Change what is given; refuse a call that changes nothing."""
        assert self.route is not None
        with_cleared(encode(self.route, self).body or {}, ())
        return (yield from super().flow())
