"""A quiz engine for Jupyter Book: pools, sampling, grading, page, and server.

    from selfcheck import quiz, grade, run_example

    quiz("tape")                              # the quiz of a pool, in a notebook
    grade("tape/clip", source)                # judge a program, as the page does
    run_example("tape/clip", source)          # run its visible example

Importing the package loads none of its parts and no library.
"""

import sys
from types import ModuleType
from typing import Any

_PUBLIC = {
    "quiz": "selfcheck.notebook",
    "grade": "selfcheck.grade",
    "run_example": "selfcheck.grade",
    "GradeRecord": "selfcheck.grade",
}
__all__ = ["GradeRecord", "grade", "quiz", "run_example"]


class _Package(ModuleType):
    """The package: its public names load their modules when they are first used."""

    def __setattr__(self, name: str, value: Any) -> None:
        # Importing selfcheck.grade would hide the function of that name behind it.
        if name not in _PUBLIC or not isinstance(value, ModuleType):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in _PUBLIC:
            raise AttributeError(f"module 'selfcheck' has no attribute '{name}'")
        from importlib import import_module

        value = getattr(import_module(_PUBLIC[name]), name)
        super().__setattr__(name, value)
        return value


sys.modules[__name__].__class__ = _Package
