"""An exam over the toy pool and a second, smaller one."""

from pathlib import Path

from tests.selfcheck.sphinx_book import SECOND, Book

TINY = """\
pool: tiny
title: A tiny one
objectives:
  add: {anchor: toy-name, text: "Count."}
items:
  - id: tiny-pick
    type: choice
    objective: add
    level: recall
    prompt: How many legs has a spider?
    key: {text: Eight, why: "Spiders have four pairs of legs, which makes eight."}
    wrong:
      - text: Six
        misconception: spider-is-insect
        why: "You took the spider for an insect; an arachnid has a pair more."
      - text: Ten
        misconception: pedipalps-are-legs
        why: "You counted the pedipalps; they are feelers, and no legs at all."
    evidence: assert 4 * 2 == 8
  - id: tiny-square
    type: numeric
    objective: add
    level: apply
    prompt: What is the square of {a}?
    vary: {a: [3, 4]}
    answer: "{a} ** 2"
    tolerance: {abs: 0.5}
    why: A square multiplies the number with itself, once and no more.
"""
EXAM = """\
exam: half-term
title: "Half term"
pools: [toy, tiny]
quiz:
  draw: {choice: 2, multiple: 1, output: 1, short: 2, code: 1}
  pass: {at_least: 6, must: [code]}
"""
LAST = """\
# The end

```{quiz} half-term
```
"""
MINE = """\
# My progress

```{progress}
```
"""
TOC = "\n```{toctree}\nsecond\nlast\nmine\n```\n"


def write(pools: Path) -> None:
    """Add the second pool and the exam to a folder of pools."""
    for slug, name, text in (("tiny", "pool", TINY), ("half-term", "exam", EXAM)):
        (pools / slug).mkdir()
        (pools / slug / f"{name}.yaml").write_text(text, encoding="utf-8")


def write_pages(site: Book) -> None:
    """Put the second quiz, the exam, and the reader's progress on pages of the book."""
    index = (site.source / "index.md").read_text(encoding="utf-8")
    site.write("index", index.partition("\n```{toctree}")[0] + TOC)
    site.write("second", SECOND + "\n```{quiz} tiny\n```\n")
    site.write("last", LAST)
    site.write("mine", MINE)
