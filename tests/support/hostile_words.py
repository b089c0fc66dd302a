"""Words that would end a string, a comment, a script or an expression, in every language of the formats."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from devin_tools.tool import READ, Output, Tool
from devin_tools.wire import GET

__all__ = ["EVALUATED", "WORDS", "saying"]

WORDS = (
    '"""\nimport os; PWNED = 1\n"""; PWNED = 2 #',
    '""" + PWNED + """',
    "x\\",
    '"',
    '\\"',
    "'''PWNED'''",
    "'+PWNED+'",
    'x\r"""\rPWNED = 6\r',
    "{name} {0} {{ %(x)s %s",
    "`${PWNED}`",
    "*/ PWNED /*",
    "</script><script>PWNED</script>",
    "<!--<script>",
    "<!-- <SCRIPT >x",
    "-->",
    "--!>",
    "]]>",
    "<![CDATA[",
    '<script type="text/html" data-help-name="devin-account">PWNED</script>',
    '"><img src=x onerror=PWNED>',
    "&lt;b&gt; &amp;amp; &#x3c;",
    "x | y <b>z</b>",
    "&anchor *anchor !!python/object:os.system x",
    "a: b\n- c # d",
    "text {{ PWNED }} {% if x %}",
    "a\x85b\u2028c\u2029d\ufeffe\x7ff",
    "\u202eDENWP\u202c",
    "\U000e0041\u200b",
    "é ü 漢 🙂",
)
"""Words that are values in every builder too."""

EVALUATED = {
    "n8n": ("={{ $env.DEVIN_API_KEY }}", "=1+1", "="),
    "Node-RED": ("${DEVIN_API_KEY}", "$(HOME)"),
    "Dify": ("{{#env.DEVIN_API_KEY#}}", "a {{#sys.user_id#}} b"),
    "Sim": ("{{DEVIN_API_KEY}}", "a <start.input> b", "<agent 1.content>"),
}
"""Values that a builder takes for more than words."""


class Said(Output):
    """What was said."""

    count: int
    """How many."""


def saying(words: str, *, value: str = "a", default: str = "a") -> type[Tool[Said]]:
    """Make a tool that has words in all its texts, an option of that value, and such a default."""
    choice = Annotated[Literal["b", value], Field(description=words)]  # type: ignore[valid-type]
    body: dict[str, Any] = {
        "__doc__": f"Say {' '.join(words.split())[:70]}.\n\n{words}",
        "__module__": "a_plugin.words",
        "__annotations__": {
            "chosen": choice,
            "optional": choice,
            "many": Annotated[list[Literal["b", value]], Field(description=words)],  # type: ignore[valid-type]
            "text": Annotated[str, Field(description=words)],
        },
        "optional": value,
        "many": [],
        "text": default,
        "route": GET("/v3/words"),
        "effect": READ,
        "examples": ({"chosen": value, "text": words},),
    }
    return type("SayWords", (Tool[Said],), body)
