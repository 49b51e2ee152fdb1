"""The search for PostgreSQL's client programs that are new enough for the server.

The folder $PG_BIN is searched. If it is not set, PATH and the usual folders are searched.
"""

import glob
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from app.cli.backups.contents import Refused

EXE = ".exe" if os.name == "nt" else ""
NEEDED = ("pg_dump", "pg_restore", "psql")
INSTALLATIONS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/opt/homebrew/opt/libpq/bin",
    "/usr/local/opt/postgresql*/bin",
    "/usr/local/opt/libpq/bin",
    r"C:\Program Files\PostgreSQL\*\bin",
)


def folder_for(server: int) -> Path:
    """Return a folder with the client programs for a server of this major version.

    Programs of the same version are best, then those of the next later one. Raise Refused if there are
    no programs, or only older ones.
    """
    found = sorted((version_in(place), n, place) for n, place in enumerate(_places()))
    for version, _, place in found:
        if version >= server:
            return place
    which = f"PostgreSQL {server}, the server's version, or a later one"
    remedy = f"Install those of {which} (apt: postgresql-client-{server}), or set PG_BIN to their folder."
    if found:
        version, _, place = found[-1]
        raise Refused(f"{place / 'pg_dump'} is of PostgreSQL {version}: too old. {remedy}")
    raise Refused(f"pg_dump, pg_restore and psql are not here. {remedy}")


def version_in(place: Path) -> int:
    """Return the major version of pg_dump in this folder, or 0 if it is unknown."""
    asked = [str(place / f"pg_dump{EXE}"), "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(number[1]) if number else 0


def _places() -> Iterator[Path]:
    seen = set()
    for place in _where_to_look():
        whole = all((place / (name + EXE)).exists() for name in NEEDED)
        if whole and place not in seen:
            seen.add(place)
            yield place


def _where_to_look():
    if given := os.environ.get("PG_BIN"):
        yield Path(given)
        return
    if found := shutil.which("pg_dump"):
        yield Path(found).parent
    for pattern in INSTALLATIONS:
        yield from map(Path, glob.glob(pattern))
