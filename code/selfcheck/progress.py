"""The reader's progress as a file: the same JSON that the page stores and exports.

`~/.local/share/selfcheck/<book>.json`, or under `$XDG_DATA_HOME`. The file is written
whole or not at all, under a lock, after every event. One that cannot be read is set
aside and never deleted.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selfcheck import state
from selfcheck.migrate import SCHEMA
from selfcheck.progressfile import NewerError, ProgressError, parse
from selfcheck.stamps import now

try:
    import fcntl
except ImportError:  # Windows: two terminals at the same moment are not guarded
    fcntl = None  # type: ignore[assignment]

__all__ = ["SCHEMA", "NewerError", "ProgressError", "Store", "folder", "now", "parse"]


def folder() -> Path:
    """Return where progress and drafts are kept."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "selfcheck"


class Store:
    """The progress file of one book.

    `notes` collects what the reader has to know: a file set aside, a full disk.
    """

    def __init__(self, book: str, path: Path | None = None) -> None:
        self.book = book
        self.path = path or folder() / f"{book}.json"
        self.notes: list[str] = []
        self._memory: dict[str, Any] | None = None

    def read(self) -> dict[str, Any]:
        """Return all progress; raise NewerError for a file of a later version."""
        if self._memory is not None:
            return self._memory
        try:
            return parse(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            pass
        except NewerError:
            raise
        except (ProgressError, UnicodeDecodeError) as error:
            self._set_aside(str(error))
        return {"schema": SCHEMA, "book": self.book, "revision": 0, "quizzes": {}}

    def quiz(self, slug: str) -> dict[str, Any]:
        """Return the state of one quiz."""
        return self.read()["quizzes"].get(slug) or state.empty()

    def apply(self, quiz: state.Json, event: state.Json) -> dict[str, Any]:
        """Reduce the newest stored state by an event, store it, and return it.

        What an event does not change is not written. Raises what `reduce` raises.
        """
        with self._locked():
            data = self.read()
            before = data["quizzes"].get(quiz["quiz"])
            after = state.reduce(quiz, before, {"now": now(), **event})
            if after != before:
                quizzes = data["quizzes"] | {quiz["quiz"]: after}
                self._write(data | {"quizzes": quizzes})
        return after

    def export_to(self, target: Path) -> None:
        """Write all progress to a file that page and command line import."""
        text = json.dumps(self.read(), ensure_ascii=False, indent=1)
        _write_whole(target, text + "\n")

    def import_from(self, source: Path) -> list[str]:
        """Take over the quizzes of a file; what was here is kept beside it.

        Returns the names of the quizzes. Raises ProgressError when the file is no
        progress, or of another book; nothing has changed then.
        """
        try:
            data = parse(source.read_text(encoding="utf-8"))
        except (OSError, ProgressError, UnicodeDecodeError) as error:
            raise ProgressError(f"{source}: {error}") from None
        if data["book"] != self.book:
            raise ProgressError(
                f"{source}: expected progress of the book '{self.book}', got "
                f"'{data['book']}'"
            )
        with self._locked():
            here = self.read()
            if self.path.exists():
                backup = self._free_name("before-import")
                backup.write_bytes(self.path.read_bytes())
                self.notes.append(f"What was here before is kept in {backup}.")
            self._write(here | {"quizzes": here["quizzes"] | data["quizzes"]})
        return sorted(data["quizzes"])

    def _write(self, data: dict[str, Any]) -> None:
        data = data | {"revision": data.get("revision", 0) + 1}
        if self._memory is None:
            try:
                text = json.dumps(data, ensure_ascii=False, indent=1)
                return _write_whole(self.path, text + "\n")
            except OSError as error:
                self.notes.append(
                    f"Your progress cannot be stored in {self.path} "
                    f"({error.strerror}); it is kept until you leave. Save it with "
                    "`selfcheck progress export FILE` elsewhere, or free some space."
                )
        self._memory = data
        return None

    def _set_aside(self, why: str) -> None:
        target = self._free_name("unreadable")
        try:
            self.path.rename(target)
        except OSError:
            target = self.path
            self._memory = {"schema": SCHEMA, "book": self.book, "quizzes": {}}
        self.notes.append(
            f"The progress in {self.path} could not be read ({why}). It was put aside "
            f"as {target}, and a fresh record was begun."
        )

    def _free_name(self, why: str) -> Path:
        stamp = now().replace(":", "").replace(".", "")
        return self.path.with_name(f"{self.path.stem}.{why}-{stamp}.json")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from writing between our reading and writing."""
        if fcntl is None or self._memory is not None:
            yield
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = self.path.with_suffix(".lock").open("w")
        except OSError:
            yield  # the write will fail as well, and tell
            return
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that at any moment the old or the new one is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
