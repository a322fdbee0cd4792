"""The items of a pool as types: what `pool.yaml` may say, and nothing else.

`code/selfcheck/pool.schema.json` is generated from here for editors, so a field's
description is what an author reads while typing.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Text = Annotated[str, StringConstraints(pattern=r"\S")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z_0-9]*$")]
Stratum = Literal["choice", "multiple", "output", "short", "code"]
Scalar = bool | int | float | str


class Part(BaseModel):
    """A mapping of a pool file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Objective(Part):
    """An ability that items test, and the section that teaches it."""

    anchor: Text = Field(description="label of the section, as in (tape-record)=")
    text: Text = Field(description="the ability, as a sentence in MyST")


class PassRule(Part):
    """When an attempt passes."""

    at_least: float = Field(6, gt=0, description="points needed")
    must: list[Stratum] = Field(["code"], description="strata that must be right")


class Quiz(Part):
    """The rules of a pool's quiz."""

    draw: dict[Stratum, Annotated[int, Field(ge=0)]] = Field(
        {"choice": 3, "multiple": 1, "output": 2, "short": 1, "code": 1},
        description="items per stratum; short is numeric, text, and order together",
    )
    pass_: PassRule = Field(PassRule(), alias="pass")
    attempts: int = Field(2, ge=1, description="attempts in a round")
    gate: int = Field(
        10,
        ge=0,
        le=1440,
        description="minutes between a failed round and the next; 0: no gate at all",
    )
    retire: int = Field(
        7, ge=0, le=365, description="days that an item rests once its key was shown"
    )
    review: list[Annotated[int, Field(ge=1, le=365)]] = Field(
        [1, 3, 7, 21],
        description="days until each review of what was asked; empty: no reviews",
    )


class Key(Part):
    """A right option."""

    text: Text
    why: Text = Field(description="why it is right")


class Wrong(Part):
    """A wrong option with the idea behind it and what refutes the idea."""

    text: Text
    misconception: Slug
    why: Text = Field(description="the refutation: name the idea, say what holds")


class OutputTrap(Part):
    """A wrong output: computed by a changed program, or given as text."""

    patch: Annotated[list[str], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[old, new]: the program with `old` replaced by `new`"
    )
    answer: str | None = Field(None, description="the wrong output itself")
    misconception: Slug
    why: Text = Field(description="the refutation: name the idea, say what holds")

    @model_validator(mode="after")
    def _one_source(self) -> "OutputTrap":
        if (self.patch is None) == (self.answer is None):
            raise ValueError("expected either `patch` or `answer`, and not both")
        return self


class NumberTrap(Part):
    """A wrong number that an idea leads to."""

    expr: Text = Field(description="Python expression of the wrong number")
    misconception: Slug
    why: Text = Field(description="the refutation: name the idea, say what holds")


class TextTrap(Part):
    """Wrong short answers that an idea leads to."""

    accept: list[Text] = Field(min_length=1, description="forms of the wrong answer")
    misconception: Slug
    why: Text = Field(description="the refutation: name the idea, say what holds")


class Distractor(Part):
    """A line that belongs to no right order."""

    text: Text
    misconception: Slug | None = None
    why: Text = Field(description="why the line does not belong")


class Compare(Part):
    """How a predicted output is compared."""

    numbers: bool = Field(True, description="compare tokens, and numbers by value")
    rtol: float = Field(1e-4, ge=0)
    atol: float = Field(1e-6, ge=0)


class Tolerance(Part):
    """How far a number may be off: absolutely, or as a share of the key."""

    abs: float | None = Field(None, ge=0)
    rel: float | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _some(self) -> "Tolerance":
        if self.abs is None and self.rel is None:
            raise ValueError("expected `abs` or `rel`, as in {abs: 0.01}")
        return self


class ItemBase(Part):
    """What all items share."""

    id: Slug = Field(description="unique in the book; never reused for anything else")
    objective: Slug
    family: Slug | None = Field(None, description="siblings; default: the id")
    level: Literal["recall", "understand", "apply", "analyze"]
    prompt: Text = Field(description="the question in MyST")
    vary: dict[Name, Annotated[list[Scalar], Field(min_length=1)]] = Field(
        {}, description="{a} in a text is replaced by each value of a in turn"
    )
    except_: list[dict[Name, Scalar]] = Field(
        [], alias="except", description="combinations of `vary` to leave out"
    )
    evidence: Text | None = Field(
        None, description="program that asserts the key; run when the book is built"
    )

    @property
    def kin(self) -> str:
        """The family: of one family an attempt draws one item at most."""
        return self.family or self.id


class Choice(ItemBase):
    """One right option among wrong ones."""

    type: Literal["choice"]
    key: Key
    wrong: list[Wrong] = Field(min_length=2, max_length=3)


class Multiple(ItemBase):
    """Several right options: all of them and no other must be ticked."""

    type: Literal["multiple"]
    keys: list[Key] = Field(min_length=2)
    wrong: list[Wrong] = Field(min_length=1)


class Output(ItemBase):
    """Predict what a program prints; the key is what it prints when it is run."""

    type: Literal["output"]
    code: Text
    wrong: list[OutputTrap] = Field(min_length=1)
    compare: Compare = Compare()
    why: Text


class Numeric(ItemBase):
    """Give a number; the key is the value of an expression."""

    type: Literal["numeric"]
    setup: Text | None = Field(None, description="program that runs before `answer`")
    answer: Text = Field(description="Python expression of the key")
    tolerance: Tolerance
    traps: list[NumberTrap] = []
    why: Text


class ShortText(ItemBase):
    """Give a name or a few words."""

    type: Literal["text"]
    accept: list[Text] = Field(min_length=1, description="accepted forms")
    traps: list[TextTrap] = []
    why: Text


class Order(ItemBase):
    """Put lines in order; distractors belong nowhere."""

    type: Literal["order"]
    lines: list[Text] = Field(min_length=3, description="in the right order")
    distractors: list[Distractor] = []
    why: Text


class Code(ItemBase):
    """Write a program that its checks accept; see the item's folder."""

    type: Literal["code"]
    submissions: int = Field(5, ge=1, description="graded submissions")
    timeout: float = Field(20, gt=0, description="seconds")
    memory: int = Field(4096, ge=64, description="MiB")
    reference: str = Field("right/reference.py", description="the solution shown")
    why: Text = Field(description="the discussion shown with the solution")


AnyItem = Choice | Multiple | Output | Numeric | ShortText | Order | Code
Item = Annotated[AnyItem, Field(discriminator="type")]
KINDS: dict[str, type[ItemBase]] = {
    "choice": Choice,
    "multiple": Multiple,
    "output": Output,
    "numeric": Numeric,
    "text": ShortText,
    "order": Order,
    "code": Code,
}


class Pool(Part):
    """All items of one quiz."""

    pool: Slug = Field(description="name of the quiz; the name of the folder, too")
    title: Text
    objectives: dict[Slug, Objective] = Field(min_length=1)
    quiz: Quiz = Quiz()
    items: list[Item] = Field(min_length=1)


def stratum(item: AnyItem) -> str:
    """Return the stratum of an item: numeric, text, and order are `short`."""
    return "short" if item.type in ("numeric", "text", "order") else item.type


def tries(item: AnyItem) -> int:
    """Return how many tries an item gives inside an attempt."""
    if isinstance(item, Code):
        return item.submissions
    return 1 if item.type in ("choice", "multiple") else 2


def schema() -> dict[str, Any]:
    """Return the JSON schema of a pool file."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | Pool.model_json_schema(by_alias=True)
