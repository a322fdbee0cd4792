"""Where a book keeps its pools and what their programs need: `selfcheck.toml`.

The file lies in the folder of the pools. All of it is optional:

    book = "my-book"                    # id of the book: names its progress file
    preload = ["numpy", "tensorflow"]   # imported once, before programs are run
    build = "../../_build/selfcheck"    # executed keys, relative to this file
    [env]                               # environment of every program
    TF_CPP_MIN_LOG_LEVEL = "3"
    [quiz]                              # rules of quizzes that state none
    draw = {choice = 3, multiple = 1, output = 2, short = 1, code = 1}
    pass = {at_least = 6, must = ["code"]}
    attempts = 2
    [exam]                              # rules of exams that state none, likewise
"""

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME = "selfcheck.toml"
_PLACES = (".", "quizzes", "book/quizzes")
_KEYS = {
    "book": str,
    "preload": list,
    "build": str,
    "env": dict,
    "quiz": dict,
    "exam": dict,
}


class ConfigError(ValueError):
    """The folder of pools or its configuration cannot be used."""


@dataclass(frozen=True)
class Config:
    """What `selfcheck.toml` says; `pools` and `build` are absolute folders."""

    pools: Path
    book: str = "book"
    preload: tuple[str, ...] = ()
    build: Path = Path()
    env: dict[str, str] = field(default_factory=dict)
    quiz: dict[str, Any] = field(default_factory=dict)
    exam: dict[str, Any] = field(default_factory=dict)

    def slugs(self) -> list[str]:
        """Return the names of the folders that hold a pool."""
        return sorted(path.parent.name for path in self.pools.glob("*/pool.yaml"))

    def pool_file(self, slug: str) -> Path:
        """Return the path of a pool; raise ConfigError when there is none."""
        path = self.pools / slug / "pool.yaml"
        if not path.is_file():
            known = ", ".join(self.slugs()) or "none"
            raise ConfigError(
                f"expected a pool at {path}, found no such file; "
                f"pools in {self.pools}: {known}"
            )
        return path

    def exams(self) -> list[str]:
        """Return the names of the folders that hold an exam."""
        return sorted(path.parent.name for path in self.pools.glob("*/exam.yaml"))

    def quiz_file(self, slug: str) -> Path:
        """Return the path of a pool or an exam.

        Raises ConfigError when there is none, or one of each.
        """
        folder = self.pools / slug
        found = [folder / name for name in ("pool.yaml", "exam.yaml")]
        found = [path for path in found if path.is_file()]
        if len(found) == 1:
            return found[0]
        if found:
            raise ConfigError(
                f"expected a pool or an exam in {folder}, found both; give the exam a "
                "folder of its own"
            )
        pools, exams = ", ".join(self.slugs()), ", ".join(self.exams())
        raise ConfigError(
            f"expected a pool at {folder / 'pool.yaml'} or an exam at "
            f"{folder / 'exam.yaml'}, found neither; pools in {self.pools}: "
            f"{pools or 'none'}; exams: {exams or 'none'}"
        )


def read(pools: Path | str) -> Config:
    """Return the configuration of a folder of pools; defaults when it has no file.

    Raises ConfigError for a folder that is missing, for broken TOML, for an unknown
    key, and for a value of the wrong type.
    """
    folder = Path(pools).resolve()
    if not folder.is_dir():
        raise ConfigError(f"expected a folder of pools at {folder}, found none")
    path = folder / NAME
    try:
        data = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: expected TOML, but {error}; mend it") from None
    for key, value in data.items():
        if not isinstance(value, _KEYS.get(key, ())):
            wanted = (
                _KEYS[key].__name__ if key in _KEYS else "one of " + ", ".join(_KEYS)
            )
            raise ConfigError(
                f"{path}: '{key}': expected {wanted}, got {value!r}; mend or remove it"
            )
    return Config(
        pools=folder,
        book=data.get("book", "book"),
        preload=tuple(map(str, data.get("preload", ()))),
        build=(folder / data.get("build", ".selfcheck")).resolve(),
        env={key: str(value) for key, value in data.get("env", {}).items()},
        quiz=data.get("quiz", {}),
        exam=data.get("exam", {}),
    )


def find(start: Path | str | None = None) -> Config:
    """Return the configuration of the nearest folder of pools.

    The environment variable SELFCHECK_POOLS decides when it is set. Otherwise the
    folders from `start` (default: the current one) upwards are searched for a
    `selfcheck.toml`, in each also in `quizzes/` and `book/quizzes/`.
    """
    if named := os.environ.get("SELFCHECK_POOLS"):
        return read(named)
    here = Path(start or ".").resolve()
    for folder in (here, *here.parents):
        for place in _PLACES:
            if (folder / place / NAME).is_file():
                return read(folder / place)
    raise ConfigError(
        f"expected a {NAME} in {here} or above (also in quizzes/, book/quizzes/), "
        "found none; run from the book's folder or set SELFCHECK_POOLS"
    )
