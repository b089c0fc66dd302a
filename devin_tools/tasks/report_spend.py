"""What an enterprise spent in a time: by organisation, by user and by session."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from ..api.consumption import PERMISSION, Consumption, ConsumptionDay
from ..api.enterprise.acu_limits import AcuLimit, ListAcuLimits
from ..api.enterprise.consumption import (
    BillingCyclePage,
    GetEnterpriseConsumption,
    GetEnterpriseServiceUserAcus,
    GetEnterpriseSessionAcus,
    GetEnterpriseUserAcus,
    GetOrganizationConsumption,
    ListBillingCycles,
)
from ..api.enterprise.organizations import ListOrganizations, Organization
from ..api.enterprise.sessions import ListEnterpriseSessions
from ..api.session import Session
from ..api.shared.once import retry_reads
from ..api.shared.times import UnixSeconds
from ..errors import FileFault, Forbidden, NotFound, Refused
from ..flow import Flow, Now, Progress, SaveText, Setting
from ..paging.pages import Walk, require_whole
from ..tool import READ, USER_ONLY, Tool
from .shared.spend_picture import picture_of
from .shared.spend_text import text_of
from .spend_figures import OrganizationSpend, SessionSpend, SpendReport, UserSpend

PAGE = 200
DAY = 86_400
DAYS_WITHOUT_CYCLE = 30
CANDIDATES = 2
"""How many times as many users and sessions are asked about as are reported: the figures by which they are
found are those of sessions over their whole lives."""


class ReportSpend(Tool[SpendReport]):
    """Report what the enterprise spent, by organisation, user and session.

    Without bounds the time is the billing cycle that it is now. The figures are those of the bill, and come
    some hours late. Costs a request for each organisation, and about four for each of `top`.
    """

    effect = READ
    resource = "enterprise_consumption"
    scope = "enterprise"
    permission = PERMISSION
    keywords = (
        "where did the money go, breakdown, costs per team, person, job, chargeback, finance summary, "
        "invoice, bill explained, top spenders, most expensive, month-end figures for accounting, finance "
        "wants to know, last month's money, who spent most, where our money goes"
    )
    examples = ({}, {"time_after": 1767254400, "time_before": 1769932799, "top": 5})

    time_after: UnixSeconds | None = None
    """Days that begin after this time, in Unix seconds. Days begin at 08:00 UTC."""

    time_before: UnixSeconds | None = None
    """Days that begin before this time, in Unix seconds. Days begin at 08:00 UTC."""

    top: Annotated[int, Field(ge=1, le=50)] = 10
    """How many users and how many sessions to report: 1 to 50."""

    picture_file: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.svg$")] | None,
        USER_ONLY,
    ] = None
    """The name of an SVG file to save a picture of the report in, in the folder for downloads."""

    overwrite: Annotated[bool, USER_ONLY] = False
    """Whether that file may be replaced, as the setting file_overwrite allows for all."""

    def flow(self) -> Flow[SpendReport]:
        """Read the whole, then its parts, then who may have spent most."""
        if self.picture_file and (yield Setting("read_only")):
            raise Refused("The settings allow only reads, and a picture is a file that is written.")
        notes: list[str] = []
        bounds, is_cycle = yield from self._period(notes)
        whole = yield from retry_reads(GetEnterpriseConsumption(**bounds).flow)
        total = whole.total_acus
        limits = _Limits(is_cycle)
        yield from self._read_limits(limits, notes)
        organizations = yield from self._organizations(bounds, limits, total, notes)
        users, sessions = yield from self._spenders(bounds, limits, total, notes)
        report = SpendReport(
            time_after=bounds.get("time_after"),
            time_before=bounds.get("time_before"),
            is_billing_cycle=is_cycle,
            total_acus=total,
            **limits.of("enterprise", None, whole),
            acus_by_product=_by_product(whole.consumption_by_date),
            days=whole.consumption_by_date,
            organizations=organizations,
            users=users,
            sessions=sessions,
            notes=notes,
            markdown="",
        )
        picture = None
        if self.picture_file:
            step = SaveText(".", self.picture_file, picture_of(report), self.overwrite)
            try:
                picture = yield step
            except FileFault as error:
                notes.append(f"The picture was not saved. {error.message}")
        report = report.model_copy(update={"notes": notes, "picture": picture})
        return report.model_copy(update={"markdown": text_of(report)})

    def _period(self, notes: list[str]) -> Flow[tuple[dict[str, Any], bool]]:
        """Return the bounds to ask for, and whether they are those of a billing cycle."""
        given: dict[str, Any] = {"time_after": self.time_after, "time_before": self.time_before}
        bounds = {name: value for name, value in given.items() if value is not None}
        now: float = yield Now()
        page: BillingCyclePage = yield from retry_reads(ListBillingCycles(limit=PAGE).flow)
        for cycle in page.cycles:
            # A day that begins where one cycle ends is the first of the next one.
            if bounds and cycle.after == bounds.get("time_after"):
                if bounds.get("time_before") in (cycle.before, cycle.before - 1):
                    return {"time_after": cycle.after, "time_before": cycle.before - 1}, True
            elif not bounds and cycle.after <= now < cycle.before:
                return {"time_after": cycle.after, "time_before": cycle.before - 1}, True
        if not bounds:
            notes.append(
                f"The API lists no billing cycle for now: these are the last {DAYS_WITHOUT_CYCLE} days."
            )
            bounds = {"time_after": max(0, int(now) - DAYS_WITHOUT_CYCLE * DAY)}
        return bounds, False

    def _read_limits(self, limits: _Limits, notes: list[str]) -> Flow[None]:
        walk = Walk(ListAcuLimits(limit=PAGE))
        try:
            while walk.next is not None:
                for one in walk.take((yield from retry_reads(walk.next.flow))).items:
                    limits.add(one)
        except Forbidden as error:
            notes.append(f"The limits of billing cycles are missing. {error.message}")

    def _organizations(
        self, bounds: dict[str, Any], limits: _Limits, total: float, notes: list[str]
    ) -> Flow[list[OrganizationSpend]]:
        found: list[Organization] = []
        walk = Walk(ListOrganizations(limit=PAGE))
        try:
            while walk.next is not None:
                page = require_whole((yield from retry_reads(walk.next.flow)))
                walk.take(page)
                found += page.items
        except Forbidden as error:
            notes.append(f"Organisations are missing, as the key may not list them. {error.message}")
        rows: dict[str, OrganizationSpend] = {}  # one that two pages have is asked about twice
        for number, one in enumerate(found, 1):
            yield Progress(f"organisation {number} of {len(found)}")
            spent = yield from _figure(GetOrganizationConsumption(org_id=one.org_id, **bounds))
            if spent is not None:
                rows[one.org_id] = OrganizationSpend(
                    org_id=one.org_id,
                    name=one.name,
                    acus=spent.total_acus,
                    share=_share(spent.total_acus, total),
                    **limits.of("org", one.org_id, spent, one.max_cycle_acu_limit),
                )
        return sorted(rows.values(), key=lambda row: -row.acus)

    def _spenders(
        self, bounds: dict[str, Any], limits: _Limits, total: float, notes: list[str]
    ) -> Flow[tuple[list[UserSpend], list[SessionSpend]]]:
        """Find by the sessions' own figures who may have spent most, and ask the bill about those."""
        seen = _Candidates(CANDIDATES * self.top)
        try:
            yield from self._look_at_sessions(bounds, seen)
        except Forbidden as error:
            notes.append(f"Users and sessions are missing: the key may not list sessions. {error.message}")
            return [], []
        users = []
        for (kind, spender), _ in seen.spenders():
            yield Progress(f"{kind} {spender}")
            if kind == "user":
                spent = yield from _figure(GetEnterpriseUserAcus(user_id=spender, **bounds))
            else:
                own = GetEnterpriseServiceUserAcus(service_user_id=spender, **bounds)
                spent = yield from _figure(own)
            if spent is not None and spent.total_acus:
                ids: dict[str, Any] = {f"{kind}_id": spender}
                share = _share(spent.total_acus, total)
                users.append(
                    UserSpend(**ids, acus=spent.total_acus, share=share, **limits.of(kind, spender, spent))
                )
        sessions = []
        for session in seen.sessions():
            yield Progress(f"session {session.session_id}")
            spent = yield from _figure(GetEnterpriseSessionAcus(session_id=session.session_id, **bounds))
            sessions.append(_session_spend(session, spent, total))
        sessions.sort(key=lambda row: (row.acus is None, -(row.acus or 0), -(row.running_acus or 0)))
        notes += seen.notes(total, sessions)
        users.sort(key=lambda row: -row.acus)
        return users[: self.top], [row for row in sessions if row.acus != 0][: self.top]

    def _look_at_sessions(self, bounds: dict[str, Any], seen: _Candidates) -> Flow[None]:
        """Look at all sessions that can have worked in the time, those that are archived too."""
        given = {"updated_after": bounds.get("time_after"), "created_before": bounds.get("time_before")}
        when: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        for is_archived in (False, True):  # a deployment may list both kinds whichever is asked for
            call = ListEnterpriseSessions(limit=PAGE, is_archived=is_archived, **when)
            walk = Walk(call)
            while walk.next is not None:
                page = walk.take((yield from retry_reads(walk.next.flow)))
                for session in page.items:
                    if bool(session.is_archived) == is_archived:
                        seen.add(session)
                yield Progress(f"{seen.count} sessions")


class _Limits:
    """What may be spent in a billing cycle, and how much of it is."""

    def __init__(self, is_cycle: bool) -> None:
        self._is_cycle = is_cycle
        self._limits: dict[tuple[str, str | None], int] = {}

    def add(self, limit: AcuLimit) -> None:
        """Take in a limit of the enterprise, an organisation or a user."""
        holder = {"org": limit.org_id, "user": limit.user_id}.get(limit.scope)
        self._limits[limit.scope, holder] = limit.cycle_acu_limit

    def of(
        self, scope: str, holder: str | None, spent: Consumption, other: float | None = None
    ) -> dict[str, Any]:
        """Return the fields of a limit: the one that was added, or another for all products.

        What was added holds for Devin's own sessions, so it is only these that count toward it.
        """
        total, found = spent.total_acus, []
        own = _by_product(spent.consumption_by_date).get("devin", total)
        for limit, counted in ((self._limits.get((scope, holder)), own), (other, total)):
            if limit is not None:
                found.append((limit, counted))
        if not found:
            return {}
        limit, counted = max(found, key=lambda one: (one[1] / one[0] if one[0] else math.inf, -one[0]))
        return {"limit_acus": limit, "limit_share": _share(counted, limit) if self._is_cycle else None}


class _Candidates:
    """Who may have spent most, by the running figures of sessions."""

    def __init__(self, most: int) -> None:
        self.count = 0
        self._most = most
        self._numbers = itertools.count()
        self._sessions: list[tuple[float, int, Session]] = []
        self._spenders: defaultdict[tuple[str, str], float] = defaultdict(float)

    def add(self, session: Session) -> None:
        """Take a session in."""
        self.count += 1
        acus = session.acus_consumed or 0.0
        entry = (acus, -next(self._numbers), session)
        if len(self._sessions) < self._most:
            heapq.heappush(self._sessions, entry)
        else:
            heapq.heappushpop(self._sessions, entry)
        for kind, spender in (("user", session.user_id), ("service_user", session.service_user_id)):
            if spender:
                self._spenders[kind, spender] += acus
                break

    def sessions(self) -> list[Session]:
        """Return the sessions, the largest first."""
        return [session for _, _, session in sorted(self._sessions, reverse=True, key=lambda one: one[:2])]

    def spenders(self) -> list[tuple[tuple[str, str], float]]:
        """Return the users and service users, the largest first."""
        return heapq.nlargest(self._most, self._spenders.items(), key=lambda one: one[1])

    def notes(self, total: float, sessions: Sequence[SessionSpend]) -> list[str]:
        """Return what is to be known of the figures."""
        found = []
        if self.count > self._most or len(self._spenders) > self._most:
            found.append(
                f"{self.count} sessions of {len(self._spenders)} users worked in this time. The bill was "
                f"asked about the {self._most} of each with the largest running figures."
            )
        has_run = any(row.running_acus for row in sessions)
        if not total and has_run:
            found.append(
                "The bill has no ACUs though sessions worked: this account may be metered otherwise."
            )
        elif has_run and all(row.acus is None for row in sessions):
            found.append(
                "The API gives no figures of the bill by session: the running figures are of their lives."
            )
        return found


def _figure(call: Tool[Consumption]) -> Flow[Consumption | None]:
    """Read a figure of the bill; `None` for what is not there any more."""
    try:
        spent: Consumption = yield from retry_reads(call.flow)
    except NotFound:
        return None
    return spent


def _session_spend(session: Session, spent: Consumption | None, total: float) -> SessionSpend:
    running = session.acus_consumed
    has_figure = spent is not None and bool(spent.consumption_by_date or not running)
    acus = spent.total_acus if spent is not None and has_figure else None
    return SessionSpend(
        session_id=session.session_id,
        title=session.title,
        url=session.url,
        org_id=session.org_id,
        user_id=session.user_id,
        service_user_id=session.service_user_id,
        acus=acus,
        share=None if acus is None else _share(acus, total),
        running_acus=running,
    )


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None


def _by_product(days: Sequence[ConsumptionDay]) -> dict[str, float]:
    spent: defaultdict[str, float] = defaultdict(float)
    for day in days:
        for name, acus in day.acus_by_product or ():
            if isinstance(acus, int | float):
                spent[name] += acus
    return {name: round(acus, 4) for name, acus in spent.items()}
