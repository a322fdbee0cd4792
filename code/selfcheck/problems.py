"""A finding about a pool file: where it is, what was expected, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One finding; `line` counts from 1, `rule` is the id that `lint` explains."""

    path: Path
    line: int
    rule: str
    message: str
    severity: str = "error"

    def __str__(self) -> str:
        """Return `file:line: severity [rule] message`, as compilers write it."""
        path = self.path
        if path.is_relative_to(Path.cwd()):
            path = path.relative_to(Path.cwd())
        return f"{path}:{self.line}: {self.severity} [{self.rule}] {self.message}"


class PoolError(ValueError):
    """A pool that cannot be used, with everything that is wrong about it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))
