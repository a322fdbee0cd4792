"""Make `.venv` with everything the book needs. Standard library only.

`make` runs this with the Python it finds. It costs nothing when nothing changed: the
stamp in `.venv` holds the hash of what was installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.sha256"
HEARTBEAT = 20  # seconds without a word before a step says that it goes on
OLDEST, NEWEST = (3, 11), (3, 13)
# TensorFlow's C++ log lines go to file descriptor 2, and would reach the cells; the
# kernel's own warning that loopback is not encrypted would reach the terminal.
KERNEL_CONFIG = """\
c = get_config()
c.IPKernelApp.capture_fd_output = False
c.IPKernelApp.log_level = "ERROR"
"""


def fail(message: str) -> None:
    """Print one message and end with a non-zero exit code."""
    sys.exit(f"\nmake: {message}")


def check_python() -> None:
    """Refuse a Python that TensorFlow has no wheel for."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        found = ".".join(map(str, sys.version_info[:3]))
        wanted = " to ".join(".".join(map(str, v)) for v in (OLDEST, NEWEST))
        fail(
            f"expected Python {wanted}, found {found} ({sys.executable}).\n"
            "Name another one: make PYTHON=python3.11 serve"
        )
    if sys.maxsize < 2**32:
        fail("expected a 64-bit Python: TensorFlow has no 32-bit wheel.")


def wanted_stamp() -> str:
    """Return the hash of all that decides what is installed."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.txt", "pyproject.toml", "tools/bootstrap.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def venv_python() -> Path:
    """Return the interpreter of `.venv`."""
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return VENV / folder / name


def run(step: str, *command: str | Path) -> None:
    """Run one step of the set-up; on failure say what can be done."""
    print(f"  {step} …", flush=True)
    start = time.monotonic()
    # An inherited "write no bytecode" would make every kernel compile TensorFlow anew.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=env)
    while True:
        try:
            process.wait(timeout=HEARTBEAT)
            break
        except subprocess.TimeoutExpired:
            print(f"  … {time.monotonic() - start:.0f} s", flush=True)
    if process.returncode:
        fail(
            f"{step} failed (the reason stands in the lines before this one).\n"
            "Most often the package index cannot be reached: check the network or the\n"
            "proxy, or set PIP_INDEX_URL to a mirror, and run make again. What is\n"
            "installed already is kept. No space left? The set-up needs 4 GB."
        )
    print(f"  {step}: {time.monotonic() - start:.0f} s", flush=True)


def install() -> None:
    """Create the environment, install the pins, compile their bytecode once."""
    python = venv_python()
    if not python.exists():
        run("creating .venv", sys.executable, "-m", "venv", VENV)
    pip = (python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run("installing the pinned packages", *pip, "--compile", "-r", "requirements.txt")
    config = VENV / "etc" / "ipython" / "ipython_kernel_config.py"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(KERNEL_CONFIG, encoding="utf-8")


def main() -> None:
    """Bring `.venv` up to date; do nothing when it is."""
    check_python()
    stamp = wanted_stamp()
    if STAMP.exists() and STAMP.read_text() == stamp and venv_python().exists():
        return
    print("Setting up .venv (once; about 600 MB to download)", flush=True)
    install()
    STAMP.write_text(stamp)


if __name__ == "__main__":
    main()
