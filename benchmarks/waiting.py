"""How many requests a wait costs, beside a loop of `get session`: the simulator counts them."""

from __future__ import annotations

from devin_tools import Client, CreateSession, GetSession, Simulator, WaitSessions
from devin_tools.flow import Flow, Pause

SIZES = (10, 200, 1000)
SECONDS_BETWEEN = 15.0


def pause(seconds: float) -> Flow[None]:
    """Let virtual time pass."""
    yield Pause(seconds)


def started(client: Client, count: int) -> list[str]:
    """Start sessions that take about a minute and a half."""
    return [client.run(CreateSession(prompt=f"Task {i}.")).session_id for i in range(count)]


def together(client: Client, ids: list[str]) -> None:
    """Wait as this package does."""
    client.run(WaitSessions(session_ids=ids))


def one_by_one(client: Client, ids: list[str]) -> None:
    """Wait as a loop over the sessions does: one get each, every 15 seconds."""
    waiting = list(ids)
    while waiting:
        seen = [client.run(GetSession(session_id=session_id)) for session_id in waiting]
        waiting = [s.session_id for s in seen if s.status_detail != "finished"]
        if waiting:
            client.drive(pause(SECONDS_BETWEEN))


def requests(wait, count: int) -> int:  # type: ignore[no-untyped-def]
    """Count the requests of one way to wait."""
    simulator = Simulator(seed=1)
    with Client(**simulator.connection(), guards=()) as client:
        ids = started(client, count)
        before = len(simulator.requests)
        wait(client, ids)
        return len(simulator.requests) - before


def main() -> None:
    """Print a row per size."""
    print(f"{'sessions':>8} {'together':>9} {'one by one':>11} {'ratio':>8}")
    for size in SIZES:
        ours, loop = requests(together, size), requests(one_by_one, size)
        print(f"{size:8} {ours:9} {loop:11} {loop / ours:7.1f}x")


if __name__ == "__main__":
    main()
