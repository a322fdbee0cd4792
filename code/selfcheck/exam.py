"""Part exams: one quiz over several pools, described in `exam.yaml`.

    exam: part-1
    title: The engine
    pools: [tape, graph, variables]
    quiz:                       # as in a pool; these are the defaults
      draw: {choice: 6, multiple: 2, output: 4, short: 2, code: 2}
      pass: {at_least: 12, must: [code]}

An `ExamFile` has what a `PoolFile` has, so that whoever asks questions need not know
which of the two it is: slug, title, quiz, pools, items, objectives, owner, item, line.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from selfcheck import keys
from selfcheck.config import Config
from selfcheck.load import PoolFile, load_some, validate
from selfcheck.load import load as load_pool
from selfcheck.model import (
    SLUG,
    AnyItem,
    Objective,
    Part,
    PassRule,
    Quiz,
    Slug,
    Stratum,
    Text,
)
from selfcheck.problems import PoolError, Problem
from selfcheck.runs import Runner
from selfcheck.yamlfile import Loc, nearest, parse

_FORM = "exam, title, pools"


class ExamQuiz(Quiz):
    """The rules of an exam."""

    draw: dict[Stratum, Annotated[int, Field(ge=0)]] = Field(
        {"choice": 6, "multiple": 2, "output": 4, "short": 2, "code": 2},
        description="items per stratum, over all pools together",
    )
    pass_: PassRule = Field(PassRule(at_least=12), alias="pass")


class Exam(Part):
    """A quiz over several pools."""

    exam: Slug = Field(description="name of the exam; the name of the folder, too")
    title: Text
    pools: list[Slug] = Field(min_length=1, description="pools that it draws from")
    quiz: ExamQuiz = ExamQuiz()


@dataclass(frozen=True)
class ExamFile:
    """A valid exam with its pools, and where in its file everything stands."""

    exam: Exam
    path: Path
    lines: dict[Loc, int]
    pools: tuple[PoolFile, ...]

    @property
    def slug(self) -> str:
        """The name of the exam."""
        return self.exam.exam

    @property
    def title(self) -> str:
        """The title of the exam."""
        return self.exam.title

    @property
    def quiz(self) -> Quiz:
        """The rules of the exam."""
        return self.exam.quiz

    @cached_property
    def items(self) -> list[AnyItem]:
        """Everything that the exam may ask, pool by pool."""
        return [item for pool in self.pools for item in pool.items]

    @cached_property
    def objectives(self) -> dict[str, Objective]:
        """The abilities of all pools, each under `<pool>.<objective>`."""
        return {
            f"{pool.slug}.{name}": aim
            for pool in self.pools
            for name, aim in pool.objectives.items()
        }

    @cached_property
    def _owners(self) -> dict[str, PoolFile]:
        return {item.id: pool for pool in self.pools for item in pool.items}

    def owner(self, item: str) -> PoolFile:
        """Return the pool of an item; raise KeyError with the nearest known id."""
        if item not in self._owners:
            close = difflib.get_close_matches(item, self._owners, 1)
            known = (close or list(self._owners))[0]
            raise KeyError(
                f"expected an item of the pools of exam '{self.slug}', got '{item}'; "
                f"one that exists: '{known}'"
            )
        return self._owners[item]

    def item(self, name: str) -> AnyItem:
        """Return an item by id; raise KeyError with the nearest known id."""
        return self.owner(name).item(name)

    def line(self, item: str | None = None, *loc: int | str) -> int:
        """Return the line of a place in the exam's own file."""
        return nearest(self.lines, loc)


def load_quiz(slug: str, config: Config) -> PoolFile | ExamFile:
    """Load the pool or the exam of a name.

    Raises ConfigError when there is none, PoolError when it is not valid.
    """
    path = config.quiz_file(slug)
    return (load_pool if path.name == "pool.yaml" else load)(path, config)


def load(path: Path | str, config: Config) -> ExamFile:
    """Read and validate an exam and its pools; raise PoolError with all that is wrong.

    Rules that the exam does not state come from `[exam]` in `selfcheck.toml`; those
    that `[quiz]` states for every quiz hold for it, too, but what to draw and how to
    pass.
    """
    path = Path(path).resolve()
    raw, lines = parse(path, "an exam", _FORM)
    if isinstance(raw.get("quiz", {}), dict):
        raw = raw | {"quiz": _rules(config) | raw.get("quiz", {})}
    problems = list(validate(path, Exam, raw, (), lines))
    problems += _names(path, raw, lines, config)
    if problems:
        raise PoolError(problems)
    exam = Exam.model_validate(raw)
    files = load_some(config, exam.pools)
    return ExamFile(exam, path, lines, tuple(files))


def named(path: Path) -> list[str]:
    """Return the pools that an exam file names, as far as it can be read."""
    try:
        raw, _ = parse(path, "an exam", _FORM)
    except PoolError:
        return []
    pools = raw.get("pools")
    listed = pools if isinstance(pools, list) else []
    return [name for name in listed if isinstance(name, str) and re.match(SLUG, name)]


def _rules(config: Config) -> dict[str, Any]:
    shared = {k: v for k, v in config.quiz.items() if k not in ("draw", "pass")}
    return shared | config.exam


def _names(
    path: Path, raw: dict[str, Any], lines: dict[Loc, int], config: Config
) -> Iterator[Problem]:
    """Check the name of the exam and those of its pools."""
    name, pools = raw.get("exam"), raw.get("pools")
    if isinstance(name, str) and name != path.parent.name:
        said = f"expected the folder's name `{path.parent.name}`, got `{name}`; "
        yield Problem(path, nearest(lines, ("exam",)), "exam", said + "rename one")
    known = config.slugs()
    for n, pool in enumerate(pools if isinstance(pools, list) else []):
        line = nearest(lines, ("pools", n))
        if isinstance(pool, str) and pool not in known:
            close = difflib.get_close_matches(pool, known, 1)
            advice = f"did you mean `{close[0]}`?" if close else ""
            said = f"`pools.{n}`: expected one of {', '.join(known) or 'no pool yet'}; "
            yield Problem(path, line, "pools", f"{said}got `{pool}`. {advice}".strip())
        elif pools.index(pool) < n:
            said = f"`pools.{n}`: `{pool}` is in the list already; remove one"
            yield Problem(path, line, "pools", said)


def resolve(
    file: PoolFile | ExamFile,
    config: Config,
    runner: Runner | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> keys.Keys:
    """Return the answers of a quiz, of an exam those of all its pools.

    Raises PoolError and SandboxError as `keys.resolve` does.
    """
    found: keys.Keys = {}
    for pool in file.pools:
        found |= keys.resolve(pool, config, runner, progress)
    return found


def schema() -> dict[str, Any]:
    """Return the JSON schema of an exam file."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | Exam.model_json_schema(by_alias=True)
