"""What a rule of STYLE.md is to the program that checks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.mdpage import Page


@dataclass(frozen=True)
class Finding:
    """A place where a page breaks a rule: what stands there, and what to do."""

    line: int
    found: str
    advice: str

    def show(self, page: Page) -> str:
        """Return one line that an editor can jump to."""
        return f"{page.path}:{self.line}: {self.found}: {self.advice}"


Check = Callable[[Page], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A check with the number that STYLE.md gives the rule, or 0 for the anatomy."""

    number: int
    check: Check

    @property
    def name(self) -> str:
        """The name of the check, which says what must hold."""
        return self.check.__name__

    def findings(self, page: Page) -> list[Finding]:
        """Return every place where the page breaks the rule."""
        return list(self.check(page))


def rule(number: int, register: list[Rule]) -> Callable[[Check], Check]:
    """Put a check on a list of rules under its number in STYLE.md."""

    def put(check: Check) -> Check:
        register.append(Rule(number, check))
        return check

    return put
