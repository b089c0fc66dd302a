"""Scans of code in all organisations of an enterprise. Facts: docs.devin.ai, API reference, code scans.

A scan belongs to one organisation, so whatever begins or changes one names it; reads span all of them.
"""

from __future__ import annotations

from ...wire import DELETE, GET, POST, PUT
from ..code_scan_profiles import EXAMPLE_PROFILE
from ..code_scans import (
    DisableAutoScan,
    EnableAutoScan,
    GetCodeScanMetrics,
    ListCodeScanFindings,
    ListCodeScans,
    RemediateFinding,
    SetCodeScanProfile,
    StartCodeScan,
    StartIngestionScan,
)
from .code_scan_profiles import READS, VIEW, ScansOverOrganizations
from .organizations import OnOrganization

SCANS = "/v3/enterprise/organizations/{org_id}/code-scans"
SCAN = SCANS + "/{scan_id}"
USE = "UseAccountCodeScans"
EXAMPLE_ORG = "org-0123456789abcdef0123456789abcdef"


class StartEnterpriseScan(OnOrganization, StartCodeScan):
    """Start a scan of a repository of any organisation.

    The scan spends ACUs, and the API takes no limit of them. The answer comes at once: list the scans
    of the repository to follow it. `conflict` says that too many scans wait already: try later. When
    the answer is lost nothing is repeated: the error asks you to look at the list first.
    """

    route = POST(SCANS, permission=USE)
    keywords = (
        "check another team's code for holes, company security audit, vulnerabilities, pentest, SAST, "
        "holes, is it safe, security check of any team's repo"
    )
    examples = (
        {"org_id": EXAMPLE_ORG, "repo_name": "acme/shop"},
        {"org_id": EXAMPLE_ORG, "repo_name": "acme/shop", "profile_id": EXAMPLE_PROFILE},
    )


class StartEnterpriseIngestionScan(OnOrganization, StartIngestionScan):
    """Start a scan in any organisation that takes in findings of another scanner.

    The scan spends ACUs, and the API takes no limit of them. It has been seen to start sessions that
    fix critical and high findings by itself when it is done. When the answer is lost nothing is
    repeated: the error asks you to look at the list first.
    """

    route = POST(SCANS + "/ingestion", permission=USE)
    keywords = (
        "import Snyk, Semgrep, SARIF company-wide, verify another tool's alerts for a team, another "
        "scanner's report for any team, triage SonarQube alerts, false positives"
    )
    examples = ({"org_id": EXAMPLE_ORG, "repo_name": "acme/shop", "profile_id": f"csprof-{2:032x}"},)


class ListEnterpriseScans(ScansOverOrganizations, ListCodeScans):
    """List the scans of all organisations' code, newest first, one page per call."""

    route = GET(READS + "/scans", permission=VIEW)
    keywords = (
        "security audits across the company, which teams checked repos for holes, is the other team's "
        "audit finished, history of security checks company-wide"
    )


class ListEnterpriseFindings(ScansOverOrganizations, ListCodeScanFindings):
    """List what scans found in all organisations, newest first, one page per call.

    Findings tell how software can be attacked: show them to nobody who may not know.
    """

    route = GET(READS + "/findings", permission=VIEW)
    keywords = (
        "security holes across the company, vulnerabilities of all teams, CVEs, worst, critical issues "
        "anywhere, what is unsafe in the company's code, all risks, severity, security backlog"
    )


class GetEnterpriseScanMetrics(ScansOverOrganizations, GetCodeScanMetrics):
    """Count the scans of a time in all organisations, and what they found."""

    route = GET(READS + "/metrics", permission=VIEW)
    keywords = (
        "security statistics across the company, vulnerabilities that all teams closed, company dashboard "
        "for the CISO, trend of security issues company-wide, resolved, numbers for the board"
    )


class EnableEnterpriseAutoScan(OnOrganization, EnableAutoScan):
    """Have a scan of any organisation run again and again by itself.

    Each run spends ACUs, without anybody asking again and without a limit. What this operation takes
    besides is not documented: how often the scan runs is for the API to choose. When the answer is lost
    nothing is repeated: the error asks you to look for the automation first.
    """

    route = POST(SCAN + "/auto-scan", permission=USE)
    keywords = (
        "check another team's code every night, recurring, continuous audit company-wide, weekly, "
        "nightly, periodic security check for any team"
    )


class DisableEnterpriseAutoScan(OnOrganization, DisableAutoScan):
    """Stop a scan of any organisation from running again; scans that run go on.

    This operation is not confirmed by the vendor's documents.
    """

    route = DELETE(SCAN + "/auto-scan", permission=USE)
    keywords = (
        "no more nightly audits for another team, turn off recurring checks company-wide, stop the weekly "
        "security audit of a team, pause monitoring"
    )


class SetEnterpriseScanProfile(OnOrganization, SetCodeScanProfile):
    """Change the profile of a scan of any organisation."""

    route = PUT(SCAN + "/profile", permission=USE)
    keywords = (
        "use another rule set for a team's audit, switch the security policy company-wide, stricter, "
        "looser security check for a team"
    )


class RemediateEnterpriseFinding(OnOrganization, RemediateFinding):
    """Start a session in any organisation that fixes a finding.

    It opens a pull request and spends ACUs, and the API takes no limit of them. A finding gets one
    session: `conflict` says that it has one already, and its `session_id` in the list of findings says
    which.
    """

    route = POST(SCAN + "/findings/{finding_id}/remediate", permission=USE)
    keywords = (
        "patch another team's vulnerability, CVE, close a security hole anywhere, security issue, pull "
        "request, fix what was found at another team's"
    )

    def _findings(self) -> ListEnterpriseFindings:
        return ListEnterpriseFindings(scan_id=self.scan_id, org_ids=[self.org_id])
