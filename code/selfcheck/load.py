"""Read a pool file; say everything that is wrong with it, each finding at its line."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from selfcheck import messages, model, variants
from selfcheck.config import Config
from selfcheck.messages import named, short
from selfcheck.model import AnyItem, Objective, Pool, Quiz
from selfcheck.problems import PoolError, Problem
from selfcheck.yamlfile import Loc, nearest, parse


@dataclass(frozen=True)
class PoolFile:
    """A valid pool, and where in its file everything stands."""

    pool: Pool
    path: Path
    lines: dict[Loc, int]

    @property
    def folder(self) -> Path:
        """The folder of the pool: code items have theirs inside."""
        return self.path.parent

    @property
    def slug(self) -> str:
        """The name of the quiz."""
        return self.pool.pool

    @property
    def title(self) -> str:
        """The title of the quiz."""
        return self.pool.title

    @property
    def quiz(self) -> Quiz:
        """The rules of the quiz."""
        return self.pool.quiz

    @property
    def items(self) -> list[AnyItem]:
        """Everything that the quiz may ask."""
        return self.pool.items

    @property
    def pools(self) -> "tuple[PoolFile, ...]":
        """The pools that the quiz draws from: this one."""
        return (self,)

    @property
    def objectives(self) -> dict[str, Objective]:
        """The abilities that are tested, by the names that items give them."""
        return self.pool.objectives

    def owner(self, item: str) -> "PoolFile":
        """Return the pool of an item; raise KeyError when it is not here."""
        self.item(item)
        return self

    @cached_property
    def index(self) -> dict[str, int]:
        """The position of each item, by id."""
        return {item.id: n for n, item in enumerate(self.pool.items)}

    def item(self, name: str) -> AnyItem:
        """Return an item by id; raise KeyError with the nearest known id."""
        if name not in self.index:
            known = difflib.get_close_matches(name, self.index, 1) or list(self.index)
            raise KeyError(
                f"expected an item of pool '{self.pool.pool}', got '{name}'; "
                f"one that exists: '{known[0]}'"
            )
        return self.pool.items[self.index[name]]

    def line(self, item: str | None = None, *loc: int | str) -> int:
        """Return the line of a place in an item (of the file's head without one)."""
        start: Loc = () if item is None else ("items", self.index[item])
        return nearest(self.lines, (*start, *loc))

    def problem(
        self, rule: str, message: str, item: str | None = None, *loc: int | str
    ) -> Problem:
        """Return an error at a place in an item."""
        text = message if item is None else f"{item}: {message}"
        return Problem(self.path, self.line(item, *loc), rule, text)


def load(path: Path | str, config: Config | None = None) -> PoolFile:
    """Read and validate one pool file; raise PoolError with all that is wrong.

    `config` gives the rules of a quiz that states none of its own.
    """
    path = Path(path).resolve()
    raw, lines = parse(path, "a pool", "pool, title, objectives, items")
    if config is not None and isinstance(raw.get("quiz", {}), dict):
        raw = raw | {"quiz": config.quiz | raw.get("quiz", {})}
    problems = [*_head(path, raw, lines), *_items(path, raw, lines)]
    problems += _across(path, raw, lines)
    if problems:
        raise PoolError(problems)
    return PoolFile(Pool.model_validate(raw), path, lines)


def load_all(config: Config) -> list[PoolFile]:
    """Read every pool of a book; raise one PoolError with the findings of all."""
    return load_some(config, config.slugs())


def load_some(config: Config, slugs: Iterable[str]) -> list[PoolFile]:
    """Read some pools of a book; raise one PoolError with the findings of all."""
    files: list[PoolFile] = []
    problems: list[Problem] = []
    for slug in slugs:
        try:
            files.append(load(config.pool_file(slug), config))
        except PoolError as error:
            problems += error.problems
    problems += _shared(files)
    if problems:
        raise PoolError(problems)
    return files


def _shared(files: Iterable[PoolFile]) -> Iterator[Problem]:
    """Find names that two pools use for different things: progress is kept by them."""
    owner: dict[str, Path] = {}
    kin: dict[str, Path] = {}
    for file in files:
        for item in file.pool.items:
            first = owner.setdefault(item.id, file.path)
            if first != file.path:
                message = f"expected an id of its own; {first} has it, too; rename"
                yield file.problem("id", message, item.id, "id")
            first = kin.setdefault(item.kin, file.path)
            if first != file.path and item.family:
                message = f"expected a family of this pool alone; {first} has "
                message += f"`{item.family}`, too; rename one"
                yield file.problem("family", message, item.id, "family")


def _head(path: Path, raw: dict[str, Any], lines: dict[Loc, int]) -> Iterator[Problem]:
    """Check everything but the items: those are checked one by one."""
    items = raw.get("items")
    if isinstance(items, list) and items:
        stub = {"id": "x", "type": "text", "objective": "x", "level": "recall"}
        stub |= {"prompt": "x", "accept": ["x"], "why": "x"}
        raw = raw | {"items": [stub]}
    yield from validate(path, Pool, raw, (), lines)


def _items(path: Path, raw: dict[str, Any], lines: dict[Loc, int]) -> Iterator[Problem]:
    items = raw.get("items")
    for n, item in enumerate(items if isinstance(items, list) else []):
        loc = ("items", n)
        kind = item.get("type") if isinstance(item, dict) else None
        if isinstance(kind, str) and kind in model.KINDS:
            yield from validate(path, model.KINDS[kind], item, loc, lines)
        else:
            got = kind if isinstance(item, dict) else item
            wanted = "expected a `type`: " + ", ".join(model.KINDS)
            message = f"{named(item)}{wanted}; got {short(got)}"
            yield Problem(path, nearest(lines, (*loc, "type")), "type", message)


def validate(
    path: Path, kind: type[BaseModel], raw: Any, loc: Loc, lines: dict[Loc, int]
) -> Iterator[Problem]:
    """Yield what a model finds wrong with the part `raw` of a file at `loc`."""
    try:
        kind.model_validate(raw)
    except ValidationError as error:
        told: set[int | Loc] = set()
        for finding in error.errors():
            spot = tuple(p for p in finding["loc"] if p not in ("bool", "int", "float"))
            known = (*loc, *spot)
            place = known[: _depth(lines, known)]
            if finding["type"] != "missing" and place in told:
                continue  # one value, refused once for each type it might have had
            told.add(place)
            rule = "missing" if finding["type"] == "missing" else "value"
            text = named(raw if loc else None) + messages.of(spot, finding)
            yield Problem(path, nearest(lines, known), rule, text)


def _depth(lines: dict[Loc, int], loc: Loc) -> int:
    return next((n for n in range(len(loc), 0, -1) if loc[:n] in lines), 0)


def _across(
    path: Path, raw: dict[str, Any], lines: dict[Loc, int]
) -> Iterator[Problem]:
    """Check what no item can know alone: ids, objectives, variants, the folder."""

    def problem(rule: str, message: str, *loc: int | str) -> Problem:
        return Problem(path, nearest(lines, loc), rule, message)

    if isinstance(raw.get("pool"), str) and raw["pool"] != path.parent.name:
        message = (
            f"expected the folder's name `{path.parent.name}`, "
            f"got `{raw['pool']}`; rename one of them"
        )
        yield problem("pool", message, "pool")
    aims = raw.get("objectives")
    items = raw.get("items")
    first: dict[str, int] = {}
    for n, item in enumerate(items if isinstance(items, list) else []):
        if not isinstance(item, dict):
            continue
        name, aim = item.get("id"), item.get("objective")
        if isinstance(name, str) and name in first:
            line = nearest(lines, ("items", first[name], "id"))
            message = f"{name}: expected an id of its own; line {line} has it, too"
            yield problem("id", message + "; rename one", "items", n, "id")
        elif isinstance(name, str):
            first[name] = n
        if isinstance(aims, dict) and isinstance(aim, str) and aim not in aims:
            known = ", ".join(map(str, aims))
            message = f"{named(item)}expected an objective ({known}); got `{aim}`"
            yield problem("objective", message, "items", n, "objective")
        yield from _holes(problem, item, n)


def _holes(problem: Any, item: dict[str, Any], n: int) -> Iterator[Problem]:
    """Check that `except` speaks of `vary`, and leaves something."""
    vary, holes = item.get("vary", {}), item.get("except", [])
    if not isinstance(vary, dict) or not isinstance(holes, list):
        return
    for index, hole in enumerate(holes):
        for name in hole if isinstance(hole, dict) else ():
            if name not in vary:
                message = f"{named(item)}`except`: expected a name of `vary`"
                loc = ("items", n, "except", index, name)
                yield problem("vary", f"{message}; got `{name}`", *loc)
    kind = model.KINDS.get(str(item.get("type")))
    try:
        left = variants.combinations(kind.model_validate(item)) if kind else [{}]
    except ValidationError:
        return
    if not left:
        message = f"{named(item)}`except` leaves no variant; expected one at least"
        yield problem("vary", message, "items", n, "except")
