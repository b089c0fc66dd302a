"""The sessions of all organisations of an enterprise; their answers are those of an organisation's."""

from __future__ import annotations

from support.cases import Case, Cases

from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID


def cases() -> Cases:
    listing = {"limit": 2}
    first = yield Case("devin_list_enterprise_sessions", "first_page", listing, live=False)
    after = listing | {"after": first and first.end_cursor}
    yield Case("devin_list_enterprise_sessions", "second_page", after, live=False)
    elsewhere = {"org_ids": [OTHER_ORG_ID], "tags": ["sample"]}
    found = yield Case("devin_list_enterprise_sessions", "elsewhere", elsewhere, live=False)
    yield Case(
        "devin_list_enterprise_insights",
        "of_two",
        {"org_ids": [OTHER_ORG_ID, ORG_ID], "limit": 1},
        live=False,
    )
    asleep, waits, done = (f"devin-{session.session_id}" for session in found.sessions) if found else "123"
    on = {"session_id": done}
    unknown = {"session_id": "devin-" + "0" * 32}
    yield Case("devin_get_enterprise_session", "session", on, live=False)
    yield Case("devin_get_enterprise_session", "with_org_id", on | {"org_id": OTHER_ORG_ID}, live=False)
    yield Case("devin_get_enterprise_session", "not_found", unknown, live=False)
    yield Case("devin_list_enterprise_messages", "first_page", on | {"limit": 1}, live=False)
    yield Case("devin_list_enterprise_attachments", "files", on, live=False)
    yield Case("devin_get_enterprise_insights", "not_analysed", on, live=False)
    yield Case("devin_generate_enterprise_insights", "started", on | {"org_id": OTHER_ORG_ID}, live=False)
    yield Case("devin_generate_enterprise_insights", "not_found", unknown, live=False)
    yield Case("devin_get_enterprise_insights", "analysed", on, live=False, after=90)
    yield Case("devin_get_enterprise_session_tags", "tags", on, live=False)
    tags = on | {"tags": ["sample", "a/b|c"], "org_id": OTHER_ORG_ID}
    yield Case("devin_append_enterprise_session_tags", "tags", tags, live=False)
    yield Case("devin_append_enterprise_session_tags", "not_found", unknown | {"tags": ["late"]}, live=False)
    yield Case("devin_replace_enterprise_session_tags", "none", on | {"tags": []}, live=False)
    yield Case("devin_replace_enterprise_session_tags", "not_found", unknown | {"tags": []}, live=False)
    answer = {"session_id": waits, "message": "The local one.", "org_id": OTHER_ORG_ID}
    yield Case("devin_send_enterprise_message", "answers", answer, live=False)
    yield Case(
        "devin_send_enterprise_message", "resumes", {"session_id": asleep, "message": "Go on."}, live=False
    )
    yield Case("devin_send_enterprise_message", "not_found", unknown | {"message": "Hello?"}, live=False)
