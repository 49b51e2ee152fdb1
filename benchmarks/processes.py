"""The time that processes take of the processors, and the connections that each of them holds."""

import contextlib
import itertools

import psutil


def cpu_seconds(pid: int) -> float:
    """Return the seconds that a process has taken of the processors, with all its descendants.

    Those that have ended are counted, too, where their parent has waited for them.
    """
    found = 0.0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found += times.user + times.system
            found += getattr(times, "children_user", 0) + getattr(times, "children_system", 0)
    return found


def connections(pid: int, port: int) -> list[int]:
    """Return how many connections to `port` each process of a server holds, without those that hold none.

    The largest number is first.
    """
    found = []
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            held = process.net_connections("tcp")
            found.append(sum(c.status == "ESTABLISHED" and c.laddr.port == port for c in held))
    return sorted(filter(None, found), reverse=True)


def family(pid: int) -> itertools.chain[psutil.Process]:
    """Return a process and all its descendants."""
    parent = psutil.Process(pid)
    return itertools.chain([parent], parent.children(recursive=True))
