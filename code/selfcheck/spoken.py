"""What a quiz says about an answer, as text: refutations, keys, and discussions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from selfcheck import compare
from selfcheck.answers import Answers
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.model import AnyItem, Choice, Code, Multiple, Order, Output
from selfcheck.texts import fence
from selfcheck.variants import combinations, fill, key_indices, options

Json = Mapping[str, Any]
UNFORESEEN = (
    "This is none of the mistakes we expected. Go through it step by step once more."
)


@dataclass(frozen=True)
class Question:
    """One variant of an item, its texts filled in."""

    item: AnyItem
    pool: str
    values: Mapping[str, Any]
    answers: Answers

    @classmethod
    def of(cls, file: PoolFile, keys: Keys, name: str, number: int) -> "Question":
        """Return the question that an attempt's entry asks."""
        item = file.item(name)
        values = combinations(item)[number]
        return cls(item, file.pool.pool, values, keys[name][number])

    def text(self, source: str) -> str:
        """Fill this variant's values into a text."""
        return fill(source, self.values)

    @property
    def prompt(self) -> str:
        """The question in MyST, with the program of an output item."""
        prompt = self.text(self.item.prompt)
        if isinstance(self.item, Output):
            return f"{prompt}\n\n{fence(self.text(self.item.code))}"
        return prompt

    @property
    def options(self) -> list[str]:
        """The options in canonical order."""
        found = options(self.item, self.pool)
        return [self.text(o if isinstance(o, str) else o.text) for o in found]

    @property
    def _rule(self) -> Json | None:
        rule = self.item.compare if isinstance(self.item, Output) else None
        return rule and rule.model_dump()

    def is_right(self, answer: Json) -> bool:
        """Judge an answer to a closed question."""
        return compare.is_right(self.item.type, self.answers.key, answer, self._rule)

    def refutations(self, answer: Json) -> Iterator[str]:
        """Yield what is to be said about a wrong answer; nothing when unforeseen.

        Keys that were not ticked stay unnamed: that is said when the key is open.
        """
        listed: list[Any] = options(self.item, self.pool)
        if isinstance(self.item, Choice):
            yield self.text(listed[answer["options"][0]].why)
        elif isinstance(self.item, Multiple):
            right = set(key_indices(self.item, self.pool))
            for j in sorted(set(answer["options"]) - right):
                yield self.text(f"{_quoted(listed[j].text.strip())} {listed[j].why}")
        elif not isinstance(self.item, Code):
            traps = [{"answer": trap} for trap in self.answers.traps]
            caught = compare.which_trap(self.item.type, traps, answer, self._rule)
            if caught is not None:
                yield self.text(self._trap_why(caught, listed))

    def unrefuted(self, answer: Json) -> str:
        """Return what is said of a wrong answer that no refutation was written for."""
        if isinstance(self.item, Multiple):
            return "What you ticked holds, but something that holds is not ticked."
        return UNFORESEEN

    def _trap_why(self, index: int, listed: list[Any]) -> str:
        if isinstance(self.item, Order):
            return listed[self.answers.traps[index]["lines"][0]].why
        field = "wrong" if isinstance(self.item, Output) else "traps"
        return getattr(self.item, field)[index].why

    @property
    def key(self) -> str:
        """The key in MyST."""
        key = self.answers.key
        if isinstance(self.item, Choice | Multiple):
            return "\n\n".join(self.options[j] for j in key["options"])
        if isinstance(self.item, Order):
            return "\n\n".join(self.options[j] for j in key["lines"])
        if isinstance(self.item, Code):
            return fence(key["source"])
        if isinstance(self.item, Output):
            return fence(key["text"], "text")
        return str(key["value"] if "value" in key else key["accept"][0])

    @property
    def discussion(self) -> str:
        """Why the key is right, in MyST."""
        if isinstance(self.item, Choice):
            return self.text(self.item.key.why)
        if isinstance(self.item, Multiple):
            return self.text("\n\n".join(key.why for key in self.item.keys))
        return self.text(self.item.why)


def _quoted(option: str) -> str:
    """Name an option that was chosen; code of several lines stands by itself."""
    if "\n" in option:  # a fence ends on a line of its own
        return f"You chose:\n\n{option}\n\n"
    return f"You chose “{option}”."
