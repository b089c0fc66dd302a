"""Scans of code, what they find, and how that is fixed. Facts: docs.devin.ai, API reference, code scans.

No operation reads one scan: it is found in the list.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from ..errors import Ambiguous, Conflict
from ..flow import Flow
from ..paging import Abridged, Items, Page, Paged
from ..paging.pages import Walk, whole
from ..tool import DESTROY, DOCUMENTED, READ, WRITE, Example, Input, Output, Spending, Tool
from ..wire import DELETE, GET, POST, PUT
from .code_scan_profiles import EXAMPLE_PROFILE, USE, VIEW, ScanType
from .shared.fields import AttachmentUrl, Id, Name, Untrusted, as_is, known
from .shared.once import CreateOnce, once
from .shared.times import UnixSeconds

SCANS = "/v3/organizations/{org_id}/code-scans"
SCAN = SCANS + "/{scan_id}"
FINDING = SCAN + "/findings/{finding_id}"

FINDING_SEVERITIES = ("critical", "high", "medium", "low")
FINDING_STATUSES = ("open", "dismissed", "resolved")
SCAN_STATUSES = (
    "waiting", "pending", "running", "awaiting_user_input", "completed", "failed", "cancelled",
)  # fmt: skip

FindingSeverity = Annotated[str, known(*FINDING_SEVERITIES)]
FindingStatus = Annotated[str, known(*FINDING_STATUSES)]

MAX_SCAN_FILES = 10
EXAMPLE_SCAN = f"scan-{1:032x}"
EXAMPLE_FINDING = f"finding-{1:032x}"

# No field of the API limits the ACUs of a scan, of what repeats it, or of the session that fixes a finding.
STARTS = WRITE.billable(Spending(starts="one"))
REPEATS = WRITE.billable(Spending(starts="standing"))


class ScanProfile(Output):
    """The profile that a scan ran by."""

    profile_id: str
    """The id, as `csprof-...`."""

    name: Untrusted | None = None
    """The name."""


class CodeScan(Output):
    """A scan of a repository."""

    scan_id: str
    """The id."""

    org_id: str | None = None
    """The organisation it belongs to."""

    repo_name: Untrusted | None = None
    """The repository, as `owner/repo`; the main one of a scan of several."""

    host: str | None = None
    """The code host, where the answer names it."""

    profile: ScanProfile | None = None
    """The profile it runs by; null for none."""

    scan_type: ScanType | None = None
    """What it looks for."""

    status: Annotated[str, known(*SCAN_STATUSES)] | None = None
    """How far it is. Nothing more happens after completed, failed and cancelled; awaiting_user_input is
    only for scans that were begun in the web app."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""


class CodeScanPage(Page[CodeScan]):
    """One page of scans."""

    scans: Items[CodeScan]
    """The scans of this page, newest first."""


class FindingSnippet(Output):
    """Some lines of code that show a finding."""

    file_path: Untrusted | None = None
    """The file."""

    start_line: int | None = None
    """The first line."""

    end_line: int | None = None
    """The last line."""

    commentary: Untrusted | None = None
    """What is to be seen there."""

    code: Untrusted | None = None
    """The lines themselves."""


class CodeScanFinding(Abridged):
    """What a scan found. Its texts quote code, which anybody may have written."""

    finding_id: str
    """The id."""

    scan_id: str | None = None
    """The scan that found it."""

    repo_name: Untrusted | None = None
    """The repository, as `owner/repo`."""

    severity: FindingSeverity | None = None
    """How bad it is."""

    status: FindingStatus | None = None
    """What became of it."""

    title: Untrusted | None = None
    """What it is, in short."""

    description: Untrusted | None = None
    """What it is."""

    recommendation: Untrusted | None = None
    """What to do about it."""

    category: Untrusted | None = None
    """The name of the rule that it breaks."""

    note: Untrusted | None = None
    """What somebody noted."""

    code_owners: list[Untrusted] = []
    """Who owns the code."""

    created_at: int | None = None
    """When it was found, in Unix seconds."""

    pr_url: str | None = None
    """The pull request that fixes it."""

    session_id: str | None = None
    """The session that fixes it."""

    orchestrator_session_id: str | None = None
    """The session that did the scan."""

    reference_snippets: list[FindingSnippet] = []
    """Where it is to be seen."""

    related_finding_ids: list[str] | None = None
    """The findings that lead to this one; only at the end of such a chain."""


class CodeScanFindingPage(Page[CodeScanFinding]):
    """One page of findings."""

    findings: Items[CodeScanFinding]
    """The findings of this page, newest first."""


class CodeScanMetrics(Output):
    """What became of the scans of a time, of their findings and of the pull requests that fix them."""

    scans_count: int | None = None
    """How many scans were created."""

    repos_scanned_count: int | None = None
    """How many repositories they scanned."""

    prs_created_count: int | None = None
    """How many pull requests were made to fix what they found."""

    prs_open_count: int | None = None
    """How many of these are open."""

    prs_merged_count: int | None = None
    """How many of these were merged."""

    prs_closed_count: int | None = None
    """How many of these were closed without being merged."""

    avg_pr_time_to_merge_seconds: float | None = None
    """How many seconds a merged one took on average; null where none was merged."""

    avg_pr_open_duration_seconds: float | None = None
    """How many seconds each has been, or was, open on average; null where there is none."""

    open_critical_findings_count: int | None = None
    """How many critical findings are open."""

    open_high_findings_count: int | None = None
    """How many high findings are open."""

    open_medium_findings_count: int | None = None
    """How many medium findings are open."""

    open_low_findings_count: int | None = None
    """How many low findings are open."""


class AutoScan(Output):
    """That a scan runs again by itself. Nobody has published an answer: what it holds is kept."""

    scan_id: str | None = None
    """The scan that runs again."""

    automation_id: str | None = None
    """The automation that starts it; the name of this field is not confirmed."""


class Remediation(Output):
    """The session that fixes a finding."""

    finding_id: str
    """The finding."""

    session_id: str
    """The session."""


class _OnScan(Input):
    scan_id: Annotated[Id, Example(EXAMPLE_SCAN)]
    """Which scan."""


class _OnFinding(_OnScan):
    finding_id: Annotated[Id, Example(EXAMPLE_FINDING)]
    """Which of its findings."""


class _Started(CreateOnce[CodeScan]):
    """A scan that begins: no answer or list says which call began it, so a lost one is never repeated."""

    repo_name: Name
    """The repository to scan, as `owner/repo`; the organisation must reach it."""

    host: Name | None = None
    """The code host, where several have a repository of that name."""

    def flow(self) -> Flow[CodeScan]:
        """Start it once; say where to look when the answer was lost."""
        try:
            return (yield from super().flow())
        except Ambiguous as error:
            error.hint = (
                "List the code scans of this repo_name, newest first, before calling again: one that was "
                "created just now is that of this call. A second call would be a second scan, and be paid."
            )
            raise


class StartCodeScan(_Started):
    """Start a scan of a repository.

    The scan spends ACUs, and the API takes no limit of them. The answer comes at once: list the scans
    of the repository to follow it. `conflict` says that too many scans wait already: try later. When
    the answer is lost nothing is repeated: the error asks you to look at the list first.
    """

    route = POST(SCANS, permission=USE)
    effect = STARTS
    keywords = (
        "check the code for security holes, find vulnerabilities, CVEs, weaknesses, security audit, SAST, "
        "pentest of a repo, is our code safe, can hackers get in, holes in our shop, look for security "
        "problems, is it safe"
    )
    examples = ({"repo_name": "acme/shop"}, {"repo_name": "acme/shop", "profile_id": EXAMPLE_PROFILE})

    profile_id: Id | None = None
    """The profile to scan by, of those that discover. Left out: a security scan without one."""

    scan_type: ScanType = as_is()
    """What to look for; that of the profile, which all but security need. Left out: that of the profile,
    or security."""

    commit_sha: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{4,64}$")] = as_is()
    """The commit to scan. Left out: the head of the main branch."""


class StartIngestionScan(_Started):
    """Start a scan that takes in findings of another scanner and checks them.

    The scan spends ACUs, and the API takes no limit of them. It has been seen to start sessions that
    fix critical and high findings by itself when it is done. When the answer is lost nothing is
    repeated: the error asks you to look at the list first.
    """

    route = POST(SCANS + "/ingestion", permission=USE)
    effect = STARTS
    keywords = (
        "import Snyk, Semgrep, SonarQube results, upload a SARIF, CVE list to verify, triage another "
        "tool's alerts, which of these are false positives"
    )
    examples = ({"repo_name": "acme/shop", "profile_id": f"csprof-{2:032x}"},)

    profile_id: Id
    """The profile to scan by, of those that ingest; it says where the findings are."""

    attachment_urls: Annotated[list[AttachmentUrl], Field(max_length=MAX_SCAN_FILES), DOCUMENTED] | None = (
        None
    )
    """Files with the findings: the URLs that uploads to the same organisation returned; at most 10."""


class ListCodeScans(Paged[CodeScanPage]):
    """List the scans of the organisation's code, newest first, one page per call.

    This is the way to follow a scan, as no operation reads a single one.
    """

    route = GET(SCANS + "/scans", permission=VIEW)
    keywords = (
        "is the security check finished, history of audits, did the audit go through, which audits ran "
        "lately, status of the audit, when were repos checked for holes"
    )
    examples = ({"limit": 20}, {"repo_name": "acme/shop"})

    repo_name: Name | None = None
    """Only scans of this repository, as `owner/repo`."""

    time_after: UnixSeconds | None = None
    """Only scans created from this time on, in Unix seconds."""

    time_before: UnixSeconds | None = None
    """Only scans created up to this time, in Unix seconds."""


class ListCodeScanFindings(Paged[CodeScanFindingPage]):
    """List what scans found, newest first, one page per call.

    Findings tell how software can be attacked: show them to nobody who may not know.
    """

    route = GET(SCANS + "/findings", permission=VIEW)
    effect = READ.private()
    keywords = (
        "security holes, vulnerabilities, CVEs, how bad is it, critical, severity, what is unsafe in our "
        "code, weaknesses, security backlog, open issues, what did it find, what must we fix, risks, "
        "threats, how vulnerable are we"
    )
    examples = ({"limit": 20}, {"severity": ["critical", "high"], "status": ["open"]})

    scan_id: Id | None = None
    """Only findings of this scan."""

    repo_name: Name | None = None
    """Only findings in this repository, as `owner/repo`."""

    severity: Annotated[list[FindingSeverity], Field(min_length=1)] | None = None
    """Only findings this bad: critical, high, medium, low."""

    status: Annotated[list[FindingStatus], Field(min_length=1)] | None = None
    """Only findings of which this became: open, dismissed, resolved."""


class GetCodeScanMetrics(Tool[CodeScanMetrics]):
    """Count the scans of a time, what they found and what was fixed."""

    route = GET(SCANS + "/metrics", permission=VIEW)
    keywords = (
        "how many vulnerabilities did we close, security statistics, dashboard, trend, numbers for the "
        "CISO, are we getting safer, how many were found and resolved"
    )

    time_after: Annotated[UnixSeconds, Example(1767225600)]
    """Count scans created from this time on, in Unix seconds."""

    time_before: Annotated[UnixSeconds, Example(1769904000)]
    """Count scans created up to this time, in Unix seconds: at most 100 days later."""


class EnableAutoScan(_OnScan, CreateOnce[AutoScan]):
    """Have a scan run again and again by itself.

    Each run spends ACUs, without anybody asking again and without a limit. What this operation takes
    besides is not documented: how often the scan runs is for the API to choose. When the answer is lost
    nothing is repeated: the error asks you to look for the automation first.
    """

    route = POST(SCAN + "/auto-scan", permission=USE)
    effect = REPEATS
    keywords = (
        "check security every night, regularly, monitor the repo for vulnerabilities, weekly, keep an eye "
        "on vulnerabilities, recurring or continuous audit"
    )
    beta = True


class DisableAutoScan(_OnScan, Tool[AutoScan]):
    """Stop a scan from running again by itself; scans that run go on.

    This operation is not confirmed by the vendor's documents.
    """

    route = DELETE(SCAN + "/auto-scan", permission=USE)
    effect = DESTROY.idempotent()
    keywords = (
        "no more nightly security checks, turn off the recurring audit, pause continuous monitoring, too "
        "many checks, stop the weekly audit"
    )
    beta = True


class SetCodeScanProfile(_OnScan, Tool[CodeScan]):
    """Change the profile of a scan, by which it runs when it runs again."""

    # Nobody has published the body: this is what it is most likely to be.
    route = PUT(SCAN + "/profile", permission=USE)
    keywords = (
        "use another policy for the audit, switch what the security check looks for, attach, assign "
        "settings to the scanner, check it more strictly from now on"
    )

    profile_id: Annotated[Id, Example(EXAMPLE_PROFILE)]
    """The profile, as `csprof-...`."""


class RemediateFinding(_OnFinding, Tool[Remediation]):
    """Start a session that fixes a finding and opens a pull request.

    The session spends ACUs, and the API takes no limit of them. A finding gets one session: `conflict`
    says that it has one already, and its `session_id` in the list of findings says which.
    """

    route = POST(FINDING + "/remediate", permission=USE)
    effect = STARTS
    keywords = (
        "patch the vulnerability, hole, CVE, close the security issue, repair what the audit reported, "
        "resolve, SQL injection, XSS: get it sorted, fix the hole it found"
    )

    def flow(self) -> Flow[Remediation]:
        """Start it; adopt what this call started when an answer was lost."""
        send, sends = super().flow, 0

        def counted() -> Flow[Remediation]:
            nonlocal sends
            sends += 1
            return send()

        try:
            return (yield from once(counted, self._find))
        except Conflict as error:
            found = None if sends == 1 else (yield from self._find())
            if found is not None:  # the answer that was lost had started it, and no list had shown it yet
                return found
            error.hint = "List the findings of this scan: its session_id is the session that fixes it."
            raise

    def _find(self) -> Flow[Remediation | None]:
        """Look for the session of this finding; raise where the list does not tell."""
        walk = Walk(self._findings())
        while walk.next is not None:
            for finding in walk.take((yield from whole(walk.next))).findings:
                if finding.finding_id == self.finding_id and finding.session_id is not None:
                    return Remediation(finding_id=self.finding_id, session_id=finding.session_id)
        return None

    def _findings(self) -> ListCodeScanFindings:
        return ListCodeScanFindings(scan_id=self.scan_id)
