"""The shape of a progress file, and what is said of a file that has another.

One JSON object: `schema`, `book`, and `quizzes`, each with the state of one quiz
(see `selfcheck.state`). Keys that are not known here are kept.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from selfcheck.migrate import SCHEMA, upgrade
from selfcheck.stamps import is_stamp


class ProgressError(ValueError):
    """A progress file that must not be read or written; the message says why."""


class NewerError(ProgressError):
    """The file is from a later version: it is neither read nor overwritten."""


def _time(text: str) -> str:
    if not is_stamp(text):
        raise ValueError(f"expected a time like 2026-03-01T00:00:00.000Z, got {text!r}")
    return text


_Time = Annotated[str, AfterValidator(_time)]


class _Open(BaseModel):
    model_config = ConfigDict(extra="allow")


class _Entry(_Open):
    id: str
    rev: str
    variant: int
    order: list[int]
    tries: list[dict[str, Any]]
    state: Literal["open", "right", "wrong"]
    points: float


class _Attempt(_Open):
    seed: str
    started: str
    finished: str | None
    items: Annotated[list[_Entry], Field(min_length=1)]


class _Round(_Open):
    attempts: Annotated[list[_Attempt], Field(min_length=1)]


class _Gate(_Open):
    since: _Time
    sections: list[str]


class _Card(_Open):
    item: str
    variant: int
    box: Annotated[int, Field(ge=0)]
    due: _Time | None
    alarm: bool
    entry: _Entry | None


class _Review(_Open):
    at: str
    item: str
    variant: int
    right: bool
    points: float
    confidence: str | None


class _Quiz(_Open):
    rounds: list[_Round]
    seen: dict[str, int]
    retired: dict[str, _Time] = {}
    gate: _Gate | None = None
    deck: dict[str, _Card] = {}
    reviews: list[_Review] = []


class _File(_Open):
    schema_: Annotated[int, Field(ge=1)]
    book: str
    quizzes: dict[str, _Quiz]


def parse(text: str) -> dict[str, Any]:
    """Return a progress file's content in today's schema.

    Raises ProgressError when it is none, NewerError when it is of a later schema.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ProgressError(f"expected JSON, but {error}") from None
    if not isinstance(data, dict) or type(data.get("schema")) is not int:
        raise ProgressError("expected a progress file: an object with a `schema`")
    if data["schema"] > SCHEMA:
        raise NewerError(
            f"expected schema {SCHEMA}, got {data['schema']}: a newer selfcheck wrote "
            "this file; update selfcheck to go on with it"
        )
    try:
        _File.model_validate({**data, "schema_": data["schema"]})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ProgressError(f"`{where}`: {first['msg']}") from None
    return upgrade(data)
