"""Grade inside a Jupyter kernel: how a page reaches the grader on Binder.

The page runs one line in a kernel and gets one display message back. The kernel
itself never imports TensorFlow and never runs the submission.
"""

from __future__ import annotations

import base64
import json

from IPython.display import publish_display_data

from selfcheck.grade import GradeRecord, grade, run_example

MIME = "application/vnd.selfcheck.grade.v1+json"


def grade_message(request: str) -> None:
    """Publish the record of a submission as a message of type `MIME`.

    Args:
        request: base64 of the JSON object `{"item": "<pool>/<item>", "source": "…",
            "action": "grade" or "run"}`; `action` may be missing and is then "grade".

    Raises:
        ValueError: the request is not of this form, or there is no such item.
        SandboxError: the grader cannot start.
    """
    record = _answer(json.loads(base64.b64decode(request)))
    plain = f"{record.item}: {record.verdict}"
    publish_display_data({MIME: record.data(), "text/plain": plain})


def _answer(request: dict[str, str]) -> GradeRecord:
    action = request.get("action", "grade")
    judges = {"grade": grade, "run": run_example}
    fits = isinstance(request.get("item"), str) and isinstance(
        request.get("source"), str
    )
    if action not in judges or not fits:
        raise ValueError(
            'expected {"item": "<pool>/<item>", "source": "...", "action": "grade" '
            f'or "run"}}, got the fields {sorted(request)} and the action {action!r}'
        )
    return judges[action](request["item"], request["source"])
