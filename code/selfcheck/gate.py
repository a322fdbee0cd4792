"""The gate between rounds: read what was missed, let ten minutes pass, begin anew.

A round that ended without a pass shuts the gate. It opens when the sections of all
missed objectives were opened and the quiz's `gate` minutes are over. `gate: 0` is a
quiz without a gate.
"""

from typing import Any

from selfcheck.rounds import Json, State, has_passed, missed
from selfcheck.stamps import later


def gate(quiz: Json, state: Json, now: str) -> dict[str, Any] | None:
    """Return what keeps a new round closed, None when nothing does.

    `until` is when the time is over (it may be past), `sections` are the objectives
    whose sections were not opened yet. A clock that was set back shows one full wait.
    """
    shut = state.get("gate")
    if not shut or not quiz["gate"]:
        return None
    until = later(min(shut["since"], now), minutes=quiz["gate"])
    sections = _known(quiz, shut["sections"])
    return {"until": until, "sections": sections} if sections or until > now else None


def close_round(quiz: Json, state: State, now: str) -> None:
    """Shut the gate behind a round that did not pass; a pass opens it."""
    round_ = state["rounds"][-1]
    if has_passed(quiz, round_) or not quiz["gate"]:
        state["gate"] = None
        return
    sections = {aim for attempt in round_["attempts"] for aim in missed(quiz, attempt)}
    state["gate"] = {"since": now, "sections": sorted(sections)}


def visit(quiz: Json, state: State, event: Json) -> None:
    """Take the section that was opened off the list of the gate."""
    shut = state["gate"]
    if shut:
        left = [aim for aim in shut["sections"] if aim != event["objective"]]
        shut["sections"] = left


def fit(quiz: Json, state: State, now: str) -> None:
    """Take a gate shut in the future for shut now; drop sections that are gone."""
    shut = state["gate"]
    if shut:
        shut["since"] = min(shut["since"], now)
        shut["sections"] = _known(quiz, shut["sections"])


def _known(quiz: Json, sections: list[str]) -> list[str]:
    aims = {item["objective"] for item in quiz["items"]}
    return [aim for aim in sections if aim in aims]
