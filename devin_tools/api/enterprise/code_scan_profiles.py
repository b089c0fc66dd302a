"""Profiles of scans in all of an enterprise. Facts: docs.devin.ai, API reference, code scans."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ...tool import Input
from ...wire import GET
from ..code_scan_profiles import GetCodeScanProfile, ListCodeScanProfiles
from ..shared.fields import Id

READS = "/v3/enterprise/code-scans"
VIEW = "ViewAccountCodeScans"


class ScansOverOrganizations(Input):
    """The argument of what reads over all organisations."""

    org_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Only those of these organisations. Left out: of all."""


class ListEnterpriseScanProfiles(ScansOverOrganizations, ListCodeScanProfiles):
    """List the scan profiles of all organisations, newest first, one page per call.

    Those that the whole account shares are among them.
    """

    route = GET(READS + "/profiles", permission=VIEW)
    keywords = (
        "company-wide security check settings, rule sets, policies of every team, which security rules "
        "have the teams"
    )


class GetEnterpriseScanProfile(GetCodeScanProfile):
    """Read a profile of any organisation, or of the account, with its guidance."""

    route = GET(READS + "/profiles/{profile_id}", permission=VIEW)
    keywords = (
        "show a company-wide rule set, policy, what do all security checks hunt for, what does that "
        "team's audit look for"
    )
