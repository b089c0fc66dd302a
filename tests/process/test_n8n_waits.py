"""A wait of n8n goes on until its end, or until a person stops it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from support.packs import pack

NODE = shutil.which("node") or ""

pytestmark = pytest.mark.skipif(not NODE, reason="needs node")

WAIT = """
const { untilDone } = require('./api.js');
const stop = new AbortController(), asked = [];
const goesOn = n => ({ resume_with: { tool: 'devin_wait_session', arguments: { n } } });
const answers = [goesOn(1), goesOn(2), { outcome: 'finished' }];
const [, , stopsAfter] = process.argv;
const httpRequestWithAuthentication = async (_, { url, body }) => {
  asked.push([url, body]);
  if (asked.length === Number(stopsAfter)) stop.abort();
  return { statusCode: 200, body: answers[asked.length - 1], headers: {} };
};
const context = { helpers: { httpRequestWithAuthentication }, getExecutionCancelSignal: () => stop.signal };
const request = { method: 'POST', url: '/tools/devin_run_task', baseURL: 'http://x', body: { prompt: 'a' } };
untilDone(context, { effect: 'write' }, request).then(body => console.log(JSON.stringify([asked, body])));
"""


@pytest.mark.parametrize(("stops_after", "requests"), [(0, 3), (1, 1), (2, 2)])
def test_a_wait_goes_on_until_it_is_done_or_stopped(stops_after: int, requests: int, tmp_path: Path) -> None:
    (tmp_path / "api.js").write_text(pack("n8n")["dist/api.js"], encoding="utf-8")
    (tmp_path / "main.js").write_text(WAIT, encoding="utf-8")
    command = [NODE, "main.js", str(stops_after)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    asked, body = json.loads(done.stdout)
    urls = ["/tools/devin_run_task", *["/tools/devin_wait_session"] * 2]
    assert [url for url, _ in asked] == urls[:requests]
    assert [given for _, given in asked] == [{"prompt": "a"}, {"n": 1}, {"n": 2}][:requests]
    assert ("outcome" in body) is (stops_after == 0)
