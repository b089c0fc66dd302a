"""How the process of the command line ends when threads are in it that nobody can end."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress

ENGINE = "temporalio.bridge.temporal_sdk_bridge"
"""The native part of Temporal's package. Once it is loaded, its threads may be there."""


def leave_before_finalising(code: int) -> None:
    """Let the process end with this exit code before the interpreter is taken down, if need be.

    Temporal's package has threads of its own for as long as the process lives, and no way to end or join
    them (https://github.com/temporalio/sdk-python/issues/300): neither the end of a worker nor the last
    reference to a client does so. One of them that is still handing over an answer, when the interpreter is
    taken down under it, aborts the process: after Ctrl-C, an exit code that tells of a crash and a core dump.
    To let go of its runtime is worse, since that waits for these threads while they wait for the interpreter.

    So everything is done that the interpreter does while it is whole, and then the process ends. This is for
    the process of the command line alone: it ends whatever else is in the process.
    """
    if ENGINE in sys.modules:
        # The interpreter joins its own threads first, and then runs what was registered last: this.
        atexit.register(_leave, code)


def _leave(code: int) -> None:
    """Run what else was registered for the end, write out what was printed, and end the process."""
    atexit.unregister(_leave)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # there is none, or nobody reads it any more
            stream.flush()
    os._exit(code)
