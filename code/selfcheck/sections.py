"""Where the sections that teach objectives are: page and heading of each label."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from selfcheck import terminal
from selfcheck.config import Config
from selfcheck.model import Objective

_LABELED = re.compile(r"(?m)^\(([^)\s]+)\)=[ \t]*\n+(?:(#{1,6})[ \t]+(.+))?")


@dataclass(frozen=True)
class Place:
    """A labeled place of a page; `title` is "" where no heading follows the label."""

    page: Path
    title: str


def labels(folder: Path) -> dict[str, Place]:
    """Return the labels of all MyST pages in a folder and below."""
    found: dict[str, Place] = {}
    for page in sorted(folder.rglob("*.md")):
        for match in _LABELED.finditer(page.read_text("utf-8")):
            found.setdefault(match[1], Place(page, (match[3] or "").strip()))
    return found


class Sections:
    """The sections of a quiz's objectives, as sentences name them."""

    def __init__(self, config: Config, objectives: Mapping[str, Objective]) -> None:
        self._book, self._objectives = config.pools.parent, objectives

    @cached_property
    def _labels(self) -> dict[str, Place]:
        return labels(self._book)

    def told(self, objective: str) -> str:
        """Return section, page, and ability of an objective."""
        aim = self._objectives[objective]
        place = self._labels.get(aim.anchor)
        ability = terminal.plain(aim.text)
        if place is None:
            return f"section {aim.anchor}. {ability}"
        page = place.page.relative_to(self._book).with_suffix("")
        title = terminal.plain(place.title) or aim.anchor
        return f"section {aim.anchor}, “{title}” on the page {page}. {ability}"
