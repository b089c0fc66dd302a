"""Our client against Prism, which mocks an API of its OpenAPI document: `DEVIN_OPENAPI=FILE nox -s prism`.

Prism refuses a request that does not fit the document, and makes each answer up of it at random. The document
is the vendor's; where it is to be had says `tests/contract/README.md`.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from contract.document import Document, forms_of
from contract.made import many
from support.calls import calls
from support.fresh_worlds import fresh_world
from support.furnished import about
from support.served_processes import HANG_SECONDS
from support.tools import routed

from devin_tools import Client, Spec
from devin_tools.errors import DevinToolsError, FileFault, InvalidArguments, MissingSetting

NAMED = os.environ.get("DEVIN_OPENAPI", "")  # read now: the environment of tests is clean of settings
PRISM = Path(os.environ.get("DEVIN_TOOLS_BUILDER", "/nonexistent"), "node_modules", ".bin", "prism")
RANDOM = 12
"""How many random calls of each tool are made, beside its examples."""
ROUNDS = 3
"""How often each call is made: each time its answer is another one."""

pytestmark = pytest.mark.skipif(not NAMED, reason="DEVIN_OPENAPI names no document of the vendor")


@pytest.fixture(scope="module")
def document() -> Document:
    assert Path(NAMED).is_file(), "DEVIN_OPENAPI names no file"
    return Document.read(Path(NAMED))


def without_null_in_queries(tmp_path: Path) -> Path:
    """Write the document with each query parameter as what it is beside null, which no query can hold.

    Else Prism takes one value of a list for a text.
    """
    written = yaml.safe_load(Path(NAMED).read_text(encoding="utf-8"))
    for path in written["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                if len(forms := forms_of(parameter.get("schema", {}))) == 1:
                    parameter["schema"] = forms[0]
    (tmp_path / "document.json").write_text(json.dumps(written, default=str), encoding="utf-8")
    return tmp_path / "document.json"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the document; give the URL."""
    served = without_null_in_queries(tmp_path_factory.mktemp("prism"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [PRISM, "mock", "--dynamic", "--port", str(port), served]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as prism:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_it_answers(url)
            yield url
        finally:
            prism.kill()


def wait_until_it_answers(url: str) -> None:
    end = time.monotonic() + HANG_SECONDS
    while True:
        try:
            httpx.get(f"{url}/v3/self", headers={"authorization": "Bearer cog_any"})
            return
        except httpx.TransportError:
            assert time.monotonic() < end, "Prism does not answer"
            time.sleep(0.2)


def arguments(spec: Spec) -> Iterator[dict[str, Any]]:
    """Yield the examples of a tool, what is required of each, and random arguments."""
    required = spec.input_schema.get("required", ())
    _, names = fresh_world()
    for example in spec.examples:
        yield about(spec, example, names)
        yield about(spec, {name: example[name] for name in required}, names)
    if any(place.where == "file" for place in spec.places):
        return
    for call in many(calls(spec.tool), RANDOM):
        yield {name: getattr(call, name) for name in call.model_fields_set}


class ToPrism(httpx.HTTPTransport):
    """Remembers what Prism finds wrong in a request, which its answer, made up too, does not tell."""

    violations: tuple[dict[str, Any], ...] = ()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(raw_path=one_segment(request.url.raw_path))
        answer = super().handle_request(request)
        self.violations = tuple(json.loads(answer.headers.get("sl-violations", "[]")))
        return answer

    def is_excused(self) -> bool:
        """Return whether only words were refused, which are made up here, of sets that may grow.

        A form with a file is refused where the document, as some copies do, tells nothing of one.
        """
        if [found["code"] for found in self.violations] == [415]:
            return True
        places = {str(found["location"]) for found in self.violations}
        words = {str(found["location"]) for found in self.violations if found["code"] == "enum"}
        return bool(places) and places == words


def one_segment(path: bytes) -> bytes:
    """Encode the slashes of a repository's path: a placeholder of Prism holds none, and the API's does."""
    start, found, rest = path.partition(b"/repositories/")
    name, ending, more = rest.partition(b"/indexing")
    return start + found + (name.replace(b"/", b"%2F") if ending else name) + ending + more


def test_every_tool_takes_what_prism_makes_up(document: Document, url: str, folder_for_files: Path) -> None:
    wrong: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    transport = ToPrism()
    tools = [spec for spec in routed() if document.of_spec(spec) is not None]
    with Client(
        base_url=url, api_key="cog_any", org_id="org-any", max_tries=1, transport=transport
    ) as client:
        for spec in tools:
            for given in arguments(spec):
                for _ in range(ROUNDS):
                    try:
                        client.run(spec.tool.model_validate(given))
                    except (FileFault, InvalidArguments, MissingSetting):
                        continue  # arguments that were made up and do not go together: nothing is sent
                    except DevinToolsError as error:
                        if not transport.is_excused():
                            wrong[f"{spec.name}: {error} {error.details} {transport.violations}"[:600]] += 1
                    answered[spec.name] += 1
    assert not wrong, "\n".join(f"{count}x {text}" for text, count in wrong.most_common(40))
    assert {spec.name for spec in tools} == answered.keys()
    assert answered.total() > 1_200
