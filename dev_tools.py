"""Functions for dev.py: they install requirements, find a free port, and run commands with short output.

Only Python's standard library is used, because this runs before anything is installed.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from subprocess import DEVNULL, PIPE

WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / ("Scripts/python.exe" if WINDOWS else "bin/python"))


class Failed(Exception):
    """Raised when a step of dev.py has failed; the message tells the developer why."""


def install(*files: str) -> None:
    """Install requirement files into .venv, which is made first if it is missing or outdated.

    Files that are installed already and unchanged are skipped.
    """
    machine = f"{sys.version} {ROOT}"
    if not stamped("python", machine):
        make_venv()
        stamp("python", machine)
    wanted = {file: hashlib.sha256((ROOT / file).read_bytes()).hexdigest() for file in files}
    missing = [file for file, digest in wanted.items() if not stamped(file, digest)]
    if missing:
        pip_install("Installing " + " and ".join(missing), *(f"-r{file}" for file in missing))
    for file in missing:
        stamp(file, wanted[file])


def stamped(name: str, value: str) -> bool:
    path = VENV / f"{name}.stamp"
    return Path(PYTHON).exists() and path.exists() and path.read_text() == value


def stamp(name: str, value: str) -> None:
    (VENV / f"{name}.stamp").write_text(value)


def make_venv() -> None:
    """Make a new .venv with the Python that runs this or, in a virtual environment, with its base."""
    if not importlib.util.find_spec("ensurepip"):
        raise Failed("This Python can't make a virtual environment. Try: apt install python3-venv")
    python = getattr(sys, "_base_executable", sys.executable)
    work("Making .venv", python, "-m", "venv", "--clear", str(VENV))


def pip_install(what: str, *requirements: str) -> None:
    """Install requirements with uv if it is available; without it, or if it fails, with pip.

    `what` names the requirements in messages; `requirements` are the arguments of `pip install`.
    """
    uv = shutil.which("uv")
    if uv:
        with contextlib.suppress(Failed):
            work(f"{what} with uv", uv, "pip", "install", "--python", PYTHON, *requirements)
            return
    work(what, PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *requirements)


def find_servers(env: dict[str, str]) -> None:
    """Install wheels of PostgreSQL and Redis if these servers are missing on this machine.

    A server for which there is no wheel is left out.
    """
    looked = [PYTHON, str(ROOT / "tests" / "servers.py")]
    missing = subprocess.run(looked, env=env, stdout=PIPE, check=True, text=True).stdout.split()
    for line in (ROOT / "requirements-services.txt").read_text().splitlines():
        if line.startswith(tuple(missing)):
            try:
                pip_install(f"Installing {line.partition('==')[0]}", line)
            except Failed:
                say("No such wheel for this machine: going on without.\n")


def free_port(port: str) -> str:
    """Return `port` if nothing listens there; else, or if it is no port number, raise Failed."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Failed(f"PORT is not a port number: {port}")
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", int(port))) == 0:
            another = "choose another with PORT=5001 in the environment or in .env"
            raise Failed(f"Port {port} is in use: {another}")
    return port


def say(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)


def work(what: str, *command: str, env: dict[str, str] | None = None) -> str:
    """Run a command, printing only `what` and the duration; return its output, or raise Failed."""
    say(what + " ")
    start = time.monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, errors="replace"
    ) as process:
        try:
            out, err = wait(process)
        except BaseException:
            say("\n")
            process.terminate()
            raise
    seconds = f"{time.monotonic() - start:.1f} s"
    if process.returncode:
        say(f"failed after {seconds}\n")
        raise Failed(f"{out}{err}\n{what}: failed, for the reason above")
    say(f"{seconds}\n")
    return out


def wait(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Wait for a process and return its output and errors; on a terminal print a dot each second."""
    while True:
        try:
            return process.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            say("." if sys.stderr.isatty() else "")


def become(module: str, *args: str, env: dict[str, str]) -> int:
    """Replace this process by `python -m module args`, which then gets its signals.

    On Windows, run the module as another process, and return its exit code.
    """
    command = [PYTHON, "-m", module, *args]
    if not WINDOWS:
        os.chdir(ROOT)
        os.execve(PYTHON, command, env)
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
