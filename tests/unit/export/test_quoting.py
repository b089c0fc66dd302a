"""Words of a declaration stay words in every format, as the parser of its language reads them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
import yaml
from support.hostile_words import EVALUATED, WORDS, saying
from support.laws import for_every
from support.tools import built_in

from devin_tools import Spec, describe
from devin_tools.errors import BadDeclaration
from devin_tools.export.builders.dify import dify_files
from devin_tools.export.builders.n8n import n8n_files
from devin_tools.export.builders.node_red import node_red_files
from devin_tools.export.builders.sim import sim_files
from devin_tools.export.quoting import CONTROLS, docstring, html_text, markdown_text, script_json
from devin_tools.generate.tables import tool_table

BUILDERS = {"n8n": n8n_files, "Node-RED": node_red_files, "Dify": dify_files, "Sim": sim_files}

YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

every_word = for_every("words", lambda: WORDS)


class Page(HTMLParser):
    """Reads what a browser would: the scripts with their attributes, and the text beside them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text, self.tags = "", set[str]()
        self.titles: list[str | None] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        if "title" in dict(attrs):
            self.titles.append(dict(attrs)["title"])

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.cdata_elem == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)


@cache
def made(words: str) -> Spec:
    return describe(saying(words, value=words, default=words))


@cache
def pack(exporter: str, words: str) -> dict[str, str]:
    """Return the files of a format, for a tool that says these words wherever it can."""
    return dict(built_in().exporters[exporter].files([made(words)]))


@cache
def plain_page() -> Page:
    return Page(pack("node-red", "x")["tools.html"])


def strings(content: Any) -> Iterator[str]:
    """Return all the texts of a JSON value."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from (key, *strings(value))
    elif isinstance(content, list):
        for value in content:
            yield from strings(value)


@for_every("words", lambda: WORDS[::2])
def test_every_file_of_json_holds_the_words_and_is_the_same_as_yaml(words: str) -> None:
    holds_and_is_yaml(words)


@for_every("words", lambda: WORDS[1::2])
def test_so_it_is_with_the_other_half_of_the_words(words: str) -> None:
    holds_and_is_yaml(words)


def holds_and_is_yaml(words: str) -> None:
    for exporter in ("dify", "n8n", "node-red", "openapi"):
        plain = pack(exporter, "x")
        changed = {name: text for name, text in pack(exporter, words).items() if text != plain[name]}
        for name in (name for name in changed if name.endswith((".json", ".yaml"))):
            read = json.loads(changed[name].encode())
            assert words in set(strings(read)), name
            assert not name.endswith(".yaml") or yaml.load(changed[name], YAML) == read, name


@every_word
def test_every_file_of_python_has_no_more_code(words: str) -> None:
    for exporter, name in (("dify", "tools/devin_say_words.py"), ("langflow", "devin/devin_say_words.py")):
        tree, plain = (ast.parse(pack(exporter, each)[name]) for each in (words, "x"))
        assert [type(node) for node in ast.walk(tree)] == [type(node) for node in ast.walk(plain)]
        said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert made(words).summary in said


@every_word
def test_a_docstring_is_what_was_said(words: str) -> None:
    assert ast.literal_eval(f'"""{docstring(words)}"""') == words
    assert docstring(words).isprintable()


@every_word
def test_values_come_back_from_every_builder(words: str) -> None:
    [chosen] = [
        one["options"][1]["value"]
        for one in json.loads(pack("n8n", words)["dist/nodes/Devin/description.json"])["properties"]
        if one["name"] == "chosen"
    ]
    fields = json.loads(pack("node-red", words)["tools.json"])["tools"][0]["fields"]
    parameters = yaml.safe_load(pack("dify", words)["tools/devin_say_words.yaml"])["parameters"]
    assert chosen == fields[0]["options"][1] == parameters[0]["options"][1]["value"] == words


@every_word
def test_a_page_of_node_red_has_the_scripts_it_should_have(words: str) -> None:
    spec = made(words)
    plain, page = plain_page(), Page(pack("node-red", words)["tools.html"])
    assert [attributes for attributes, _ in page.scripts] == [attributes for attributes, _ in plain.scripts]
    script = page.scripts[0][1]
    assert "<!--" not in script and "<script" not in script.lower()
    help_ = Page(page.scripts[-1][1])
    assert help_.tags == Page(plain.scripts[-1][1]).tags
    assert CONTROLS.sub("\ufffd", spec.description) in help_.text
    form = Page(page.scripts[-2][1])
    assert CONTROLS.sub("\ufffd", spec.input_schema["properties"]["text"]["description"]) in form.titles


@every_word
def test_what_n8n_shows_as_html_is_text(words: str) -> None:
    spec = made(words)
    for one in json.loads(pack("n8n", words)["dist/nodes/Devin/description.json"])["properties"]:
        if one["name"] == "chosen":
            page = Page(one["description"])
            wanted = spec.input_schema["properties"]["chosen"]["description"]
            assert (page.text, page.tags) == (CONTROLS.sub("\ufffd", wanted), set())


@every_word
def test_json_in_a_script_is_json(words: str) -> None:
    assert json.loads(script_json({"a": words})) == {"a": words}
    assert "<" not in script_json({"a": words})


@every_word
def test_a_table_in_markdown_has_no_html_and_no_more_cells(words: str) -> None:
    assert not Page(markdown_text(words)).tags
    row = tool_table([made(words)]).splitlines()[-1]
    assert row.replace("\\|", "").count("|") == 4


def test_html_is_text_also_in_an_attribute() -> None:
    assert html_text("<a \"b\" 'c' & \x00") == "&lt;a &quot;b&quot; &#x27;c&#x27; &amp; \ufffd"


@for_every("builder", lambda: BUILDERS)
def test_what_a_builder_would_evaluate_is_refused_by_name(builder: str) -> None:
    for value in EVALUATED[builder]:
        with pytest.raises(BadDeclaration, match=f"devin_say_words: {builder} would evaluate") as caught:
            BUILDERS[builder]([describe(saying("x", value=value))])
        assert value not in f"{caught.value} {caught.value.hint}" or value == "="
        assert caught.value.hint


def test_a_default_that_n8n_would_evaluate_is_refused() -> None:
    with pytest.raises(BadDeclaration, match="the default of text"):
        n8n_files([describe(saying("x", default="={{ $env.X }}"))])
    node_red_files([describe(saying("x", default="${HOME}"))])  # writes no default
