"""The record of a grading, and how the outcome of a process becomes one."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from selfcheck.explain import Verdict, explain

_LOG_LINE = re.compile(
    r"(?m)^(?:[IWEF]\d{4} \d\d:\d\d:|[IWEF]0000 00:00:|WARNING: All log messages "
    r"before absl|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWEF] ).*\n?"
)


class CheckResult(BaseModel):
    """One named check."""

    model_config = ConfigDict(extra="forbid")

    name: str
    ok: bool
    message: str = ""


class GradeRecord(BaseModel):
    """What grading found; the same whichever way the submission came."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_: int = Field(1, alias="schema")
    item: str
    verdict: Verdict
    checks: list[CheckResult] = []
    message: str = ""
    section: str | None = None
    stdout: str = ""
    seconds: float = 0.0
    versions: dict[str, str] = {}

    def data(self) -> dict[str, Any]:
        """The record as JSON holds it."""
        return self.model_dump(by_alias=True)


def record_of(
    item: str,
    outcome: dict[str, Any],
    source: str,
    *,
    timeout: float,
    memory: int,
    before: str,
) -> GradeRecord:
    """The record of what happened to a submission.

    Args:
        item: address of the item.
        outcome: what `selfcheck.supervise.watch` returned.
        source: the submission.
        timeout: its limit in seconds.
        memory: its limit in MiB.
        before: what it did not reach when it ended early, for the message.

    Raises:
        SandboxError: the grader failed, not the submission.
    """
    plan, results, running = _read(outcome)
    failed = next((result for result in results.values() if not result.ok), None)
    finished = outcome["sealed"] and any(e.get("done") for e in outcome["events"])
    if finished and len(results) == len(plan):
        verdict, message = ("wrong", failed.message) if failed else ("right", "")
    else:
        limits = {"timeout": timeout, "memory": memory}
        found = explain(outcome, source=source, before=before, **limits)
        verdict, message = found.verdict, found.message
        if failed and verdict in ("timeout", "memory", "crashed"):
            # What failed before is the nearer cause.
            verdict, message = "wrong", failed.message
        elif running:
            message += f'\nThis happened in the check "{running}".'
    speaking = failed.name if failed else running
    return GradeRecord(
        item=item,
        verdict=verdict,
        checks=_in_order(plan, results),
        message=_text(message),
        section=next((where for name, where in plan if name == speaking), None),
        stdout=_text(_LOG_LINE.sub("", outcome["stdout"])),
        seconds=outcome["seconds"],
        versions=outcome.get("versions", {}),
    )


def _in_order(
    plan: list[tuple[str, str | None]], results: dict[str, CheckResult]
) -> list[CheckResult]:
    """A result for every declared check, whether it ran or not."""
    return [
        results.get(name, CheckResult(name=name, ok=False, message="did not run"))
        for name, _ in plan
    ]


def _read(
    outcome: dict[str, Any],
) -> tuple[list[tuple[str, str | None]], dict[str, CheckResult], str | None]:
    """The declared checks, the results that came, and the check without a result."""
    plan: list[tuple[str, str | None]] = []
    results: dict[str, CheckResult] = {}
    running: str | None = None
    for event in outcome["events"]:
        if "plan" in event and not plan:
            plan = [(str(name), section) for name, section in event["plan"]]
        elif "start" in event:
            running = str(event["start"])
        elif "check" in event:
            name = str(event["check"])
            result = CheckResult(
                name=name, ok=event.get("ok") is True, message=_text(event["message"])
            )
            results.setdefault(name, result)
            running = None
    declared = {name for name, _ in plan}
    results = {name: result for name, result in results.items() if name in declared}
    return plan, results, running


def _text(value: Any) -> str:
    """A text that UTF-8 can hold: a program may print half a surrogate pair."""
    return str(value).encode("utf-8", "replace").decode("utf-8")
