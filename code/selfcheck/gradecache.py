"""Verdicts on programs, kept in the build folder until something changes."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from selfcheck.config import Config
from selfcheck.keycache import versions
from selfcheck.load import PoolFile
from selfcheck.model import Code

# What a verdict hangs on beside program and checks: the checks' own library.
_ENGINE = ("checks/*.py", "guard.py", "jobs.py", "judge.py")


class GradeCache:
    """Verdicts under the hash of program, checks, limits, and versions.

    As a context it is written at its end, also when gradings were interrupted.
    """

    def __init__(self, path: Path, file: PoolFile, config: Config) -> None:
        self._path, self._file = path, file
        here = Path(__file__).parent
        engine = [part for name in _ENGINE for part in sorted(here.glob(name))]
        code = "".join(part.read_text("utf-8") for part in engine)
        self._salt = code + json.dumps([versions(config), config.env])
        try:
            self._rows = dict(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            self._rows = {}
        self._used: dict[str, Any] = {}

    def _hash(self, item: str, source: str, seed: int) -> str:
        checks = (self._file.folder / item / "checks.py").read_text("utf-8")
        code = self._file.item(item)
        limits = [code.timeout, code.memory] if isinstance(code, Code) else []
        parts = [self._salt, source, checks, seed, limits]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def get(self, item: str, source: str, seed: int) -> dict[str, Any] | None:
        """Return what is known of a program of an item, None when nothing is."""
        name = self._hash(item, source, seed)
        if name in self._rows:
            self._used[name] = self._rows[name]
        return self._rows.get(name)

    def put(
        self, item: str, source: str, seed: int, record: dict[str, Any]
    ) -> dict[str, Any]:
        """Keep a record, and return it."""
        self._used[self._hash(item, source, seed)] = record
        return record

    def __enter__(self) -> "GradeCache":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # What was not asked for again is left out, unless there was no time to ask.
        rows = self._used if kind is None else self._rows | self._used
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        part.replace(self._path)
