"""The HTML of the editor: a form for each node, and its help."""

from __future__ import annotations

from collections.abc import Sequence

from ....spec import Spec
from ...quoting import html_text
from ..fields import Field
from ..promises import KEY, LOST, ORGANISATION, true_in
from ..responses import response_schema
from .creating import once_of

KEPT = frozenset({KEY, LOST, ORGANISATION})
"""What the nodes' code keeps of what descriptions promise."""

ROW = (
    '<div class="form-row"><label for="node-input-{name}">{label}</label>'
    '<input type="text" id="node-input-{name}"></div>'
)
TYPED = (
    '<div class="form-row"><label for="node-input-f_{name}" title="{about}">{label}</label>'
    '<input type="text" id="node-input-f_{name}" style="width: 70%">'
    '<input type="hidden" id="node-input-f_{name}Type"></div>'
)
TICK = (
    '<div class="form-row"><label for="node-input-{name}">{label}</label>'
    '<input type="checkbox" id="node-input-{name}" style="width: auto"></div>'
)

EFFECTS = {"read": "It only reads.", "write": "It changes something.", "destroy": "It cannot be undone."}


def tool_form(type_: str, spec: Spec, fields: Sequence[Field]) -> str:
    """Write the form of a tool."""
    rows = [ROW.format(name="name", label="Name"), ROW.format(name="account", label="Account")]
    for field in fields:
        label = html_text(field.label) + (" *" if field.is_required else "")
        rows.append(
            TYPED.format(
                name=field.name, about=html_text(true_in(spec, field.description, KEPT)), label=label
            )
        )
    if spec.paging:
        rows.append(TICK.format(name="allPages", label="All pages"))
    if needs_consent(spec):
        rows.append(TICK.format(name="confirm", label="Confirmed"))
    rows.append(ROW.format(name="timeout", label="Timeout (s)"))
    return f'<script type="text/html" data-template-name="{type_}">\n' + "\n".join(rows) + "\n</script>\n"


def needs_consent(spec: Spec) -> bool:
    """Return whether the tools server may ask for a person's consent to a call."""
    return not spec.is_one_request and spec.effect.needs_consent


def help_of(type_: str, spec: Spec, fields: Sequence[Field]) -> str:
    """Write the help of a tool: its effect, inputs and outputs."""
    outputs = dict(response_schema(spec).get("properties", {}))
    if once_of(spec):
        outputs |= {"creation": spec.output_schema["properties"]["creation"]}

    def said(text: str) -> str:
        return true_in(spec, text, KEPT)

    spends = f" It {spec.effect.spends}." if spec.effect.is_billable else ""
    marks = f" Marks: {', '.join(spec.effect.marks)}." if spec.effect.marks else ""
    inputs = [
        (field.name, field.kind if field.is_required else f"{field.kind}, optional", said(field.description))
        for field in fields
    ]
    lines = [
        f"<p>{html_text(said(spec.description))}</p>",
        f"<p>{html_text(EFFECTS[spec.effect.kind] + spends + marks)}</p>",
        "<h3>Inputs</h3>",
        _list(inputs),
        "<h3>Outputs</h3>",
        "<p><code>msg.payload</code> holds:</p>",
        _list([(name, "", said(part.get("description", ""))) for name, part in outputs.items()]),
        f"<h3>Details</h3><p>{html_text(_sent(spec))}</p>",
    ]
    return f'<script type="text/html" data-help-name="{type_}">\n' + "\n".join(lines) + "\n</script>\n"


def _list(rows: Sequence[tuple[str, str, str]]) -> str:
    parts = [
        f'<dt>{name} <span class="property-type">{kind}</span></dt><dd>{about}</dd>'
        for name, kind, about in (map(html_text, row) for row in rows)
    ]
    return '<dl class="message-properties">' + "".join(parts) + "</dl>"


def _sent(spec: Spec) -> str:
    if spec.is_one_request and spec.route:
        sends = f"Sends {spec.route.method} {spec.route.template}."
    else:
        sends = "Runs on the tools server of the account (devin-tools serve)."
    return f"{sends} A refusal goes to catch nodes, with msg.statusCode."
