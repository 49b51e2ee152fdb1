"""What the processes of a live shop use: memory, open files, connections to the database."""

import os
import statistics
import subprocess
from pathlib import Path

import sqlalchemy as sa

OF_OURS = """
SELECT count(*), count(*) FILTER (WHERE state LIKE 'idle in transaction%')
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def workers_of(server: subprocess.Popen) -> list[int]:
    said = subprocess.run(
        ["ps", "--ppid", str(server.pid), "-o", "pid="], capture_output=True, text=True
    )
    return [int(pid) for pid in said.stdout.split()]


def mebibytes(pid: int) -> float:
    """Return how much memory a process occupies now (resident set size)."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def connections(database_url: str) -> tuple[int, int]:
    """Return how many connections this database has, and how many are idle in a transaction."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        every, resting = connection.execute(sa.text(OF_OURS)).one()
    return every, resting


def slope(samples: list[tuple[float, float]]) -> float:
    """Return by how much the second value of each pair grows per unit of the first."""
    times, values = zip(*samples, strict=True)
    return statistics.linear_regression(times, values).slope
