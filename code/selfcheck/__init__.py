"""A quiz engine for Jupyter Book: pools, sampling, grading, page, and server.

    from selfcheck import quiz, review, progress, grade, run_example

    quiz("tape")                              # the quiz of a pool, in a notebook
    review()                                  # what is due, asked in this notebook
    progress()                                # where you stand in all quizzes
    grade("tape/clip", source)                # judge a program, as the page does
    run_example("tape/clip", source)          # run its visible example

Importing the package loads none of its parts and no library.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_PUBLIC = {
    "quiz": "selfcheck.notebook",
    "grade": "selfcheck.grade",
    "run_example": "selfcheck.grade",
    "GradeRecord": "selfcheck.grade",
}
_CALLED = ("progress", "review")
__all__ = ["GradeRecord", "grade", "progress", "quiz", "review", "run_example"]


class _Called(ModuleType):
    """A module that is also what a notebook calls: the function of its name there."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        name = self.__name__.rpartition(".")[2]
        return getattr(import_module("selfcheck.notebook"), name)(*arguments, **named)


class _Package(ModuleType):
    """The package: its public names load their modules when they are first used."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _CALLED and isinstance(value, ModuleType):
            value.__class__ = _Called
        # Importing selfcheck.grade would hide the function of that name behind it.
        if name not in _PUBLIC or not isinstance(value, ModuleType):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name in _CALLED:
            return import_module(f"selfcheck.{name}")
        if name not in _PUBLIC:
            raise AttributeError(f"module 'selfcheck' has no attribute '{name}'")
        value = getattr(import_module(_PUBLIC[name]), name)
        super().__setattr__(name, value)
        return value


sys.modules[__name__].__class__ = _Package
