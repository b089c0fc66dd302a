"""Load the document into semantic-kernel and call its functions; print what was seen as JSON.

Run by tests/external/server/test_semantic_kernel.py: URL TOKEN.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai.function_calling_utils import (
    kernel_function_metadata_to_function_call_format,
)
from semantic_kernel.connectors.openapi_plugin import OpenAPIFunctionExecutionParameters
from semantic_kernel.exceptions import KernelInvokeException
from semantic_kernel.functions import KernelArguments


def loaded(kernel: Kernel, url: str, token: str) -> Any:
    """Load it from a file: only then are references followed."""

    async def auth(**_: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    settings = OpenAPIFunctionExecutionParameters(
        auth_callback=auth,
        http_client=httpx.AsyncClient(timeout=60),
        enable_dynamic_payload=True,
        server_url_validation_allowed_base_urls=[url],
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "openapi.json")
        path.write_text(httpx.get(f"{url}/openapi.json").text, encoding="utf-8")
        return kernel.add_plugin_from_openapi("devin", str(path), execution_settings=settings)


async def main(url: str, token: str) -> dict[str, Any]:
    kernel = Kernel()
    plugin = loaded(kernel, url, token)

    async def call(name: str, **arguments: Any) -> Any:
        got = await kernel.invoke(plugin[name], KernelArguments(**arguments))
        return json.loads(str(got))

    async def is_refused(name: str, **arguments: Any) -> bool:
        try:
            await call(name, **arguments)
        except KernelInvokeException:  # it keeps the answer to itself
            return True
        return False

    created = await call("devin_create_session", prompt="Look.", max_acu_limit=5, tags=["a", "b"])
    describe = kernel_function_metadata_to_function_call_format
    return {
        "functions": [describe(function.metadata)["function"] for function in plugin.functions.values()],
        "myself": await call("devin_get_self"),
        "created": created,
        "waited": await call("devin_wait_session", session_id=created["session_id"]),
        "faults": [
            await is_refused("devin_get_session", session_id="canary?"),
            await is_refused("devin_get_session", session_id="0" * 32),
        ],
    }


print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
