"""What people say for what tools do, and for the things that they are about: the words alone.

The left side has words of the tools: several with commas between them are each as good, and with a plus they
are meant together. The right side has what people say for them, words or phrases.
"""

from __future__ import annotations

__all__ = ["ELSEWHERE", "LEADS", "MERGED", "NOUNS", "PARAMETERS", "VERBS"]

MERGED = {
    "pull request": "pr",
    "merge request": "pr",
    "service user": "serviceuser",
    "service account": "serviceuser",
    "machine user": "serviceuser",
    "identity provider": "idp",
    "set up": "setup",
    "sign in": "signin",
    "log in": "signin",
}
"""Words that are one word together, wherever they stand."""

VERBS = {
    "list": """show, show me, see, view, display, enumerate, browse, look up, print, pull up, give me,
        which, fetch, what are, all, overview, give me a list, let me see, what do we have, find, tell me,
        who are, every""",
    "get, read, list": """show, show me, see, view, display, look at, check, inspect, open, fetch, details,
        tell me, let me see""",
    "read": "how far, status, state, progress, how is, where is",
    "count": "how many, number of, statistics, stats, figures, trend, total, numbers",
    "create": """store, make a, make an, make me, make us, make, add, new, set up, setup, define, register,
        write, compose, author, put in place, introduce, establish, found, generate, draft, save,
        provision, write down, jot down, note down""",
    "start": """run, launch, kick off, kick, trigger, begin, spin up, fire off, fire up, spawn, set off,
        set going, execute, get going, do, perform, carry out, put to work, fire, initiate, conduct, boot
        up""",
    "start, create": """launch, kick off, spin up, fire off, fire up, spawn, delegate, put to work, begin,
        get going""",
    "terminate, end": """kill, stop, abort, quit, shut down, cancel, end, finish off, halt, pull the plug,
        put an end, shut off, close, nuke, stop for good, cut off, call off""",
    "cancel": "stop, abort, kill, halt, call off, interrupt, break off",
    "disable, stop": """turn off, switch off, pause, suspend, deactivate, cease, no longer, stop, halt,
        quit, put a stop, any more, anymore, cancel""",
    "change, update": """until further notice, for the time being, for a while, silence, quiet, hush, edit,
        modify, alter, adjust, amend, rewrite, revise, rename, correct, tweak, reword, turn off, turn on,
        switch off, switch on, pause, resume, suspend, deactivate, disable, enable, activate, reschedule,
        move, set, put on hold, switch, fix, promote, demote, refine, bump, raise, lower, increase, reduce,
        unpause, mute, snooze, stop, hour later, hour earlier, day later, day earlier, start later, start
        earlier, later than, earlier than, an hour""",
    "change + role, update + role": """an owner, the owner, owner of, an administrator, a viewer, admin of,
        administrator of, a billing admin, full rights, more rights, fewer rights, higher role, promote,
        demote, make admin, an admin, admin rights, upgrade to admin, downgrade, elevate, give the role""",
    "replace": """overwrite, swap, exchange, substitute, wipe, reset, redo, set to exactly, instead, only,
        exactly, just these, nothing but""",
    "delete": """close down, dissolve, disband, shut down, take down, tear down, wind up, expunge, delete
        forever, remove, erase, get rid of, drop, throw away, throw out, trash, destroy, wipe, discard,
        purge, scrap, forget, bin, clean up, cancel, eliminate, do away with, nuke, dispose, strip, do not
        need, dont need, no longer need, not needed, no use, is obsolete, are obsolete""",
    "remove": """delete, erase, get rid of, drop, throw away, throw out, take away, wipe, lift, kick out,
        kick, expel, detach, take off, take out, strip, revoke, exclude, cut off, ban, dismiss, withdraw,
        deprive, unassign, evict""",
    "remove, unregister, revoke": "withdraw, take back, retract, invalidate, void, deactivate, deregister",
    "clear": """wipe, empty, remove all, delete all, reset, drop all, erase all, get rid of all, open up,
        lift all, remove every, take off all, no more, nobody should, no one should, nobody may, no one
        may, nobody from, no one from""",
    "revoke": """drop, throw away, delete, invalidate, kill, withdraw, deactivate, leaked, compromised,
        cancel, disable, void, remove, get rid of""",
    "rotate, replace": "renew, roll, refresh, swap, fresh, leaked, cycle, compromised, regenerate, exchange",
    "append, add": """leave alone, keep others, keeping others, besides, leave the rest, keep the rest,
        additional, let team, allow team, give team, let the team, add, attach, put on, stick, give, mark,
        also, in addition, extend, tack, allow, plus, more, leave the other, keep the other, permit""",
    "set": "define, put, make, fix, assign, choose, pick",
    "set + limit": """cap, limit, restrict, ceiling, cap at, at most, no more than, throttle, put a lid,
        put a cap, budget of, impose, constrain, quota, give a budget""",
    "limit": """cap, ceiling, quota, budget, allowance, maximum, threshold, boundary, how much may, left,
        remaining""",
    "remove + limit": "unlimited, uncap, lift the limit, lift the cap, no limit, without limit, unlimit",
    "send, upload": """attach, hand over, supply, provide, give, pass, submit, feed, upload, share, push,
        put up""",
    "send": "post, pass on, deliver, forward, tell, write, reply, answer",
    "save, download": """download, grab, fetch, get me, pull down, collect, retrieve, copy, store locally,
        save, give me, export, to disk, onto my disk, on my laptop, to my machine, locally""",
    "export": "dump, back up, backup, save, archive, extract, to a file, to disk, store, write out, siem",
    "archive": """put away, tidy away, hide, out of the way, shelve, file away, stow, put aside, set aside,
        tuck away, out of sight, clean up, tidy up, declutter, put to rest, put to sleep""",
    "unarchive": """restore, bring back, recover, revive, reopen, get back, dig out, dig up, put back,
        unhide, wake, wake up, resume, reactivate, unshelve""",
    "wait": """wait until, wait till, hold until, poll, block until, watch, hold on, stand by, let me know
        when, tell me when, await, follow, monitor""",
    "assign, add": "grant, give, let in, hand, put in, include, allow, award, bestow",
    "claim": "take, pick up, grab, reserve, lease, acquire, work on, lock, accept",
    "release": "put back, give back, return, hand back, free, let go, requeue, unlock, give up, drop",
    "invite": """add, bring in, onboard, sign up, ask to join, let in, enrol, enroll, new hire, new
        colleague, welcome""",
    "pin": """freeze, lock, stick to, stick with, keep using, stay on, stay with, hold at, always use, fix
        on, hold on to, roll back""",
    "unpin": "unfreeze, unlock, go back to the latest, latest again, stop using, follow the latest, release",
    "index": """search index, searchable, make searchable, crawl, let it search, ready for search, read in,
        ask questions, wiki, deepwiki""",
    "unindex": """stop indexing, remove the index, drop the index, no longer searchable, unsearchable, not
        be searchable, deindex""",
    "remediate, fix": """sort out, repair, patch, solve, resolve, mend, cure, remedy, take care of, get rid
        of, clean up""",
    "generate + insight": """analysis, assess, evaluate, have it analysed, run an analysis, post mortem,
        postmortem""",
    "enable": """turn on, switch on, activate, automatically, automatic, regularly, set up, every week,
        every night, every day""",
    "review": """look over, check, vet, assess, go over, critique, code review, look through, lgtm,
        approve, second opinion, feedback, can go in, safe to merge, ready to merge, opinion, proofread,
        give feedback""",
    "verify, check": "confirm, validate, double check, triage",
    "analysis": """analysis, why, badly, lessons, learned, retrospective, evaluation, post mortem,
        postmortem, go wrong, well""",
}
"""Verbs of tools, and what is said for them."""

NOUNS = {
    "session": """job, agent, conversation, chat, thread, sandbox, instance, working on, work, devin
        session, bot, worker""",
    "session + spawn, session + child": """sub agent, subagent, sub session, subsession, child, descendant,
        offspring, helper, children, sub run, sub task, subtask, sub job, nested, forked, delegated,
        started by, kick off by, spin off""",
    "list + session": """in progress, currently running, running now, active right now, running right now,
        going on, all runs, working on""",
    "list + user, list + member": """who can, who may, who is allowed, who administrate, who is an admin,
        who are the admins, who is in, who is on, who belongs, who works, who has access, who on my team,
        who all, who can get in, who has an account, who can see, everyone in, everybody in, people in,
        people on, everyone who, who has rights, who has the right""",
    "message": """back and forth, exchange, dialog, chat, conversation, reply, replies, say, said, write,
        wrote, talk, discussion, transcript, comment, response, answer, communicate, dialogue""",
    "send + message": """tell, reply, answer, respond, ask, instruct, inform, message, nudge, ping, say,
        let know, let the session know, steer, redirect, remind, follow up, use instead, write to, talk to,
        chat with, give it feedback, correct""",
    "tag": "label, mark, category, keyword, sticker, marker",
    "attachment, file": """document, csv, pdf, log file, screenshot, picture, artifact, artefact, produced,
        deliverable, zip, spreadsheet, dataset, upload, photo, download, txt, json, file""",
    "insight, analysis": """why, how well, badly, quality, retrospective, post mortem, postmortem, lessons,
        learned, what went wrong, how did it go, went wrong, go wrong, assessment, evaluation, performance,
        rating, size, how big""",
    "metric, count": """statistics, stats, figures, numbers, kpi, dashboard, how many, trend, analytics,
        chart, adoption, rate, proportion""",
    "usage": "use, adoption, utilisation, utilization, activity, how much do we use, busy",
    "consumption, spent, spend, acu": """cost, burn, bill, money, dollars, price, credit, unit, compute,
        expense, eat, eat up, use up, used up, spend, expensive, expenditure, charge, charged, euros,
        budget, consume, usage, pay, costs, how much, cheap, acus""",
    "report + spent": """who spends, spender, breakdown, break down, where does the money go, cost report,
        spending report, most expensive, top consumers, biggest, who costs, chargeback, per team, per
        person, by team, by user, money go, money went, money goes, all the money""",
    "day": "daily, per day, each day, day by day, every day, date, yesterday, today, a day",
    "daily, day": """daily, per day, each day, day by day, a day, month, week, last month, last week, this
        month""",
    "weekly, week": "per week, each week, weekly, week by week, wau, a week",
    "monthly, month": "per month, each month, monthly, month by month, mau, a month",
    "dau": "daily active",
    "wau": "weekly active",
    "mau": "monthly active",
    "active + user": """how many people use, who use, logged in, people use, people used, users use,
        colleague use, engaged, adoption, using it, make use, developers use, people actually use""",
    "billing + cycle": """billing period, invoice, invoicing, period, subscription, billing month, month
        end, contract, cycle, left this month, budget left, quota left, renew, reset""",
    "automation": """trigger, rule, react, event, hook, webhook, reaction, on its own, by itself, fires,
        when something happen, fire, bot that react, automatically, workflow, alert, arrive, listener,
        whenever, every time, slack, sentry, jira, linear""",
    "create + automation": """someone, somebody, comes in, come in, is opened, is merged, pushes to, push
        to, gets opened, is created, are created, gets created, whenever, every time, each time, each time
        a, as soon as, in response to, on every, on each, upon, arrive, when a, when an, when someone, when
        somebody, when something, if someone, react to""",
    "schedule": """tonight, at night, this evening, o'clock, at noon, at midnight, nightly job, cron job,
        scheduled job, weekly job, recurring job, daily job, nightly run, weekly run, nightly task, job at,
        cron time, cron, recurring, every week, every day, every night, every morning, every monday,
        weekly, nightly, hourly, daily, every hour, every month, monthly, regularly, periodic, timer,
        repeat, repeated, timetable, once a week, once a day, once a month, periodically, on its own, by
        itself, at a fixed time, recurrent, planned, upcoming, calendar, tomorrow, each night, each
        morning, each monday, every tuesday, every wednesday, every thursday, every friday, every saturday,
        every sunday, every weekday, every evening, routine, next run, runs next, overnight, automatically,
        every so often""",
    "create + schedule": """every week, every day, every night, every morning, every monday, every hour,
        every month, every tuesday, every wednesday, every thursday, every friday, every saturday, every
        sunday, each night, each morning, each monday, once a week, once a day, once a month, every
        weekday, every evening, weekly, nightly, hourly, tomorrow, at midnight""",
    "playbook": """recipe, procedure, runbook, template, reusable prompt, standard prompt, prompt, prompt
        template, how to, instruction, sop, script, standing instruction, workflow, checklist, step by
        step, macro, stored prompt, saved prompt""",
    "knowledge + note": """remember, fact, memory, learn, learned, convention, guideline, tip, lesson,
        memo, teach, wisdom, house rule, taught, advice, know, coding style, keep in mind,
        tidbit, memorize, memorise, bear in mind, forget""",
    "create + knowledge + note": """remember, teach, learn, keep in mind, memorize, memorise, bear in mind,
        make a note, take note, take a note, note that, from now on, never forget, should know, must know,
        needs to know, ought to know, jot down""",
    "delete + knowledge + note": "forget, unlearn, no longer remember, stop remembering",
    "list + knowledge + note": """what does it know, what do you know, what did we teach, what has it
        learned, knows about, told it about, tell it about, told you about, have told it, taught it""",
    "folder": "directory, category, group, section",
    "secret": """npm token, credential, password, env var, environment variable, token, key, vault, api
        token, login, variable, environment var, envvar""",
    "create + secret": """as a secret, as a credential, as an environment variable, as a variable, into the
        vault, in the vault, as an env var, into the secrets, store the password, store the token, store a
        password, keep my password, keep the password""",
    "key": "token, credential, api key, pat, access token, apikey, api token, secret, bearer",
    "self, key": """whoami, who am i, whose token, whose key, my token, my key, which account, which key,
        logged in as, current user, own identity, which user am i, what token, what key, which token,
        signed in as, authenticated as, which organization am i, my identity, am i using, do i use, my
        account, current key, who is behind, belong to, belongs to, who owns this key""",
    "repository": """codebase, source code, project, code base, git repository, monorepo, source, code,
        checkout""",
    "index": "search index, searchable, indexed, searched, semantic search",
    "list + repository": """can see, reach, has access to, have access to, see at all, connected to, can it
        see, can it access, available""",
    "branch": "feature branch, git branch, ref",
    "pr": "diff, patch, change set, changeset, merged, code change, change, merge, contribution, pulls",
    "review": "verdict, feedback, approval, code review",
    "scan": """security check, security scan, vulnerability scan, audit, sast, check for vulnerability,
        security audit, security test, security analysis, pentest, security, safety check, security review,
        check for security hole, holes, look for vulnerability""",
    "start + scan": """for weakness, for vulnerability, for security, for hole, for security hole, for
        flaw, examine, probe, check security, hunt for vulnerability, check for vulnerability, check for
        security, look for vulnerability, look for security, audit the code, pentest, scan, check the
        security, find vulnerability, find security hole, security audit of, find weaknesses""",
    "finding, scan + found": """vulnerability, vulnerabilities, weakness, hole, cve, issue, security issue,
        problem, security problem, flaw, security hole, security bug, exploit, exposure, defect, risk,
        threat, security finding, critical, severity, security gap, leak""",
    "finding + remediate": """fix vulnerability, fix the vulnerability, patch the vulnerability, close the
        hole, fix security, fix this finding""",
    "auto + scan": """scan every, check every, security check every, rescan, scan regularly, scan
        automatically, rerun, repeat, scan again, scan nightly, scan weekly, recurring scan, weekly scan,
        nightly scan, weekly check, regular scan, daily scan, keep scanning""",
    "ingestion + scan, scan + scanner": """import, ingest, snyk, sonarqube, dependabot, semgrep, third
        party, other tool, external, report of, sarif, other scanner, veracode, checkmarx, from another,
        trivy, codeql, sonar, another tool, other tools""",
    "profile": """policy, configuration, config, setting, guidance, preference, template, rule set,
        instruction""",
    "scan + profile": """what to look for, scan setting, scan configuration, scan config, security setting,
        security policy""",
    "blueprint": """environment, setup, setup script, machine setup, snapshot, image, provisioning,
        install, dependency, dockerfile, yaml, devcontainer, machine config, sandbox setup, environment
        setup, setup command, setup step, machine configuration, vm config, toolchain, install step,
        workspace setup, dev environment, development environment""",
    "build": """image, snapshot, environment, machine image, rebuild, vm image, environment setup, base
        image, environment build, bake, environment image""",
    "start + build": """rebuild, bake, refresh the snapshot, refresh the image, remake the image, new
        snapshot, renew the image""",
    "log": """output, trace, console, why did the build, build output, fail, error, errors, failed, what
        went wrong""",
    "member, user, person": """colleague, people, teammate, developer, coworker, employee, human, account,
        staff, engineer, team member, guy, everyone, everybody, who, seat, user, him, her, anyone,
        folk, admin, owner, contractor, new hire, login, he, she, his""",
    "remove + user": """left, leave, quit, offboard, fired, take away access, kick out, kick, lock out, no
        longer work, deprovision, leave the company, resigned, access away, gone, revoke access, take away
        all access, suspend access, departed, ex employee, throw out, off the team, take off the team, let
        go, lose access, laid off, should not have access, his access, her access""",
    "add + user": """onboard, give access, grant access, put on the team, let in, join, new hire, joined,
        let into, joins""",
    "invite + user": """onboard, joins the company, new hire, by email, sign up, send an invitation,
        invitation, add to the company""",
    "role": """permission, right, rights, privilege, admin, access level, power, admin access,
        authorisation, authorization, allowed, access right, may do, can do, can a, what can, capabilities,
        responsibilities""",
    "organization": """team, workspace, department, tenant, division, unit, business unit, group,
        subsidiary, org""",
    "enterprise": """company, corporation, all team, every team, firm, whole business, account, across the
        company, all department, corporate""",
    "serviceuser": """bot, ci, ci user, bot account, robot, technical user, machine account, pipeline,
        integration user, integration, app, non human, ci account, ci bot, automation account, ci pipeline,
        headless, system account, script, api user, api client""",
    "serviceuser + key": """ci token, api token, bot token, bot key, token for the pipeline, api key, key
        of the bot, token of the bot""",
    "idp": """okta, sso, azure ad, entra, google workspace, scim, saml, directory, ldap, active directory,
        single sign on, onelogin, ping, keycloak, auth0, directory group, sso group""",
    "idp + group": """okta, sso group, directory group, entra group, ad group, okta group, group, synced
        group, azure group, scim group""",
    "group": "directory group, unit",
    "git + connection": """github, gitlab, bitbucket, code host, hooked up, scm, vcs, integration, source
        control, version control, connected, linked, link, azure devops, hook up, gerrit, code hosting, git
        host, git provider, provider""",
    "git + permission": """touch, let team, may touch, work with, can touch, write access to, repository
        access, access to the repository, access to repository, repo access, code access, write access,
        read access, which repository may, may use the repository, may push access, push, read only, access
        to code, may see, allowed to use, see any code, see the code, see code, see our code, clone""",
    "permission, access": "access, right, allowed, rights, entitlement, may, privilege, permitted, can use",
    "audit + log": """who changed, who did, who deleted, who removed, who created, who added, who edited,
        trail, audit trail, history, activity, log, logged, who has, compliance, changes made, track
        record, admin action, happened, paper trail, who touched, who turned, who invited, who made, who
        gave, who modified, who switched, what happened, admin activity, who granted, activity log,
        forensic, who set, who disabled, who enabled, who revoked, who rotated, who archived, who
        terminated, who killed, who stopped, changelog""",
    "guardrail": """policy, blocked, forbidden, blocked by policy, compliance, misuse, refused, prompt,
        prohibited, rule, policy violation, safety, violate, disallowed, content policy, denied, abuse,
        dangerous, policy breach, data leak, broke the rule, rejected, stopped by""",
    "violation, broke": """blocked, breach, breaking, breaks, offence, offense, infringement, incident,
        flagged, infraction, broke""",
    "address, ip": """network, vpn, firewall, allowlist, whitelist, allow list, white list, cidr, where
        from, office, range, subnet, ip, location, geofence, internet, anywhere, safelist, network access""",
    "replace + ip, replace + address": """block everyone, outside of, only from, nobody else, lock down,
        only let, no one else, from anywhere else""",
    "append + ip": """allow, let in from, permit, whitelist, also from, allowlist, new office, open up to,
        add to the allowlist, also allow""",
    "queue": """gets a machine, get a machine, how long until, waiting time, a machine yet, waiting,
        backlog, pending, capacity, line, wait for a machine, wait for a free machine, free machine, stuck,
        starved, wait time, free, no machine yet, not start yet, congestion, backed up, wait for capacity,
        jam, slots""",
    "machine, hypervisor": """server, host, vm, node, hardware, runner, virtual machine, infrastructure,
        fleet, computer, capacity, box, boxes""",
    "outpost": """own machine, our own machine, self hosted, on premise, on prem, our worker, own
        infrastructure, worker, own hardware, on premises""",
    "metric + pr": """merged, how many pull request, merge rate, pull request opened, open pull request,
        pull request merged""",
    "search": "lookup, query, queries, ask devin, searched, question",
    "category": """kind of work, type of work, type, kind, what kind, what sort, sort of work, sort, theme,
        topic""",
    "origin": "source, started from, where from, slack, web, api, channel",
    "set + default + tag": """every new session, all new session, each new session, new session get, every
        session get, new job, every new job""",
    "default": "standard, fallback, automatically get, unless, by default, usual, preset, initial",
    "allowed": """may use, permitted, permitted to, can be used, may have, valid, allowed to use,
        available, choose from, may be used""",
    "self": "i, me, my, am i",
    "template": "example, starter, blueprint, ready made, predefined, boilerplate, sample, premade, gallery",
    "account": "identity, profile",
    "fan + out": """ten, twenty, dozen, agents to each, several agents, many agents, split up, divide,
        swarm, each file, each repository, each ticket, each of our, all of our repository, each of these,
        in parallel, many, batch, bulk, same, same task, across repository, mass, for each, for every,
        parallel, at once, concurrently, simultaneously, one per, each of the, every one of, several at the
        same time, in these, hundred, dozens""",
    "handoff, hand": """take over, pick up, continue from, carry on, take it from here, continue, where i
        am, uncommitted, working tree, local change, this checkout, my checkout, my branch, working copy,
        finish what i, finish this, finish for me, stuck, unfinished, half done, half finished, my local,
        my laptop, work in progress, wip, my changes, my work""",
    "fix + bug": """hunt down, track down, root cause, find the cause, why do, why does, crash, crashes,
        broken, error, exception, stack trace, traceback, sort out, fails, failing, flaky, regression,
        debug, fix, null pointer, bug, defect, glitch, malfunction, sort it out, does not work, doesnt
        work, stopped working, wrong result, misbehave, incident, throws, failing test, red test, test
        fails, race condition, memory leak, segfault, hang, freezes, fault""",
    "start + session, run + task": """migrate, refactor, implement, port, upgrade, rewrite, develop, add a
        feature, feature, build a, write a, write test, task, coding, code up, clean up the code, add
        support, convert, bump, delegate, work on, have it, have devin, let devin, let it, ask devin to,
        get devin to, put devin, improve, document, add test, set devin, give devin a task, tests""",
    "create + session": """dont wait, do not wait, without waiting, in the background, fire and forget, not
        wait, asynchronously, async, return immediately""",
    "run + task": """and wait, when it is done, when its done, when it is finished, when its finished, come
        back, result, until it is done, start to finish, end to end, tell me when, let me know when, and
        report, and give me the result, bring me""",
    "get + session, wait + session": """latest on, news on, news of, what is up with, how is, how are, has
        it, is my, done yet, done, finished, finish, is it done, still running, how far, progress, status,
        state, is it ready, ready, where does it stand, stuck, how is it going, completed, complete,
        succeeded, still work, up to, did it open, alive, did it work, outcome, result, doing, been done,
        done so far, been achieved, achieved, accomplished, what did it do""",
    "wait + session": """wait, is done, settle, await, block, let me know when, finish, until it finishes,
        done""",
    "limit + organization": "cap, budget, ceiling, quota, per month, a month",
    "group + limit + organization": """together, combined, joint, jointly, shared budget, shared limit,
        pool, pooled, between them, altogether, group of team, group of organization, groups of teams""",
    "exception": "null pointer, npe, crash",
    "enterprise + knowledge": "company wide note, everyone should know",
    "pick, item": "each",
}
"""Things that tools are about, and what is said for them; also a thing with what is done to it."""

LEADS = {
    "append + tag, add + tag": "label, tag, mark, flag, categorise",
    "set + limit": "cap, limit, restrict, budget, throttle",
    "send + message": """message, ping, tell, answer, reply, inform, remind, nudge, ask, respond, notify,
        text, say, write to""",
    "create + schedule": "schedule, plan, repeat",
    "create + automation": "automate, hook up, when, whenever, if",
    "create + knowledge + note": "remember, note, document, memorise, record, learn",
    "create + playbook": "template",
    "start + scan": "scan, audit, probe, pentest, check, examine, analyse, inspect",
    "start + build": "build, rebuild, bake, refresh",
    "remove + user": "fire, offboard, ban, block, expel, kick",
    "change + role, update + role": "make, promote, demote, turn",
    "wait": "wait, block, hold, watch, follow",
    "report + spent": "report, summarise, break down",
    "create + group, register + group": "sync, import",
    "review": "approve, judge, assess",
    "send, upload": "attach, share, hand, give",
    "terminate, end": "end, stop, finish, cancel, kill",
    "assign, add": "make, let, allow, permit, give, grant",
    "delete": "forget, cancel, end",
    "index": "read, learn, crawl",
    "run + task": "do, solve, complete, handle",
}
"""Verbs, and what they mean where somebody begins with them: elsewhere they may be nouns."""

ELSEWHERE = """
    stripe, paypal, shopify, twilio, sendgrid, heroku, netlify, vercel, dropbox, google drive, onedrive,
    sharepoint, raise, windows, macos, desktop, printer, keyboard, weather, flight, hotel, pizza, taxi,
    taxis, cab, train, restaurant, dinner, lunch, food, flower, music, song, movie, film, video, game,
    match, joke, poem, story, recipe, horoscope, lottery, stock, share price, crypto, bitcoin, exchange
    rate, currency, flights, travel, trip, holiday, vacation, birthday, present, gift, shop, shopping, cart,
    order, parcel, package delivery, delivery, courier, doctor, appointment, meeting, calendar, invoice,
    invoices, credit card, card, bank, payment, payroll, salary, tax, subscription, plan, licence, license,
    discount, coupon, refund, email, sms, text message, phone, fax, newsletter, tweet, twitter, linkedin,
    facebook, instagram, whatsapp, telegram, zoom, slack channel, channel, excel, powerpoint, word document,
    spreadsheet, google sheet, pdf, docx, slide, slides, presentation, photo, photos, logo, voice, avatar,
    ticket, jira ticket, jira issue, linear issue, github issue, confluence, notion, wiki page, trello,
    asana, servicenow, zendesk, hubspot, salesforce, production, staging server, kubernetes, cluster,
    container, pod, load balancer, dns, domain, certificate, website, web server, firewall rule, database
    server, bucket, lambda, terraform, deployment, rollout, hotfix to production, app store, phone number,
    password, passwords, two factor, mfa, 2fa, passkey, github token, aws key, aws access key, ssh key, gpg
    key, personal access token, pager, customer, client, supplier, vendor, release, releases, rollback,
    merge, reboot, restart, deploy, buy, purchase, sell, book, rent, pay, print, lights, heating,
    accountant, lawyer, ceo, wife, husband, mother, friend, interface, theme, dark mode, font, language,
    translation, timezone, time zone
"""
"""What no tool has to do with, though it may stand beside much that some have."""

PARAMETERS = """
    yesterday, today, tomorrow, monday, tuesday, wednesday, thursday, friday, saturday, sunday, january,
    february, march, april, may, june, july, august, september, october, november, december, week, month,
    quarter, year, day, night, morning, evening, noon, midnight, hour, minute, last, next, since, until,
    before, after, already, currently, recently, so far, at the moment, right now, now, this week, this
    month, new, old, recent, latest, far, further, notice, later, again, completely, entirely, fully, whole,
    entire, other, others, actually, really, quickly, soon, asap, finally, for good, forever, any longer,
    any more, together, exactly, different, same, several, few, only, also, too
"""
"""What says when or how much, which some argument of a tool takes or its answer has."""
