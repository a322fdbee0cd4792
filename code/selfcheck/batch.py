"""Many programs in few processes: for systems on which a process cannot be forked.

A fresh process imports TensorFlow for seconds; one for each program would make a
pool cost half an hour. So all of them run one after the other, in two processes, the
second time in the opposite order. Where the two agree, no program has felt another
one, and the answer is taken. Every other program gets processes of its own.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from selfcheck import sandbox
from selfcheck.config import Config
from selfcheck.programs import Program
from selfcheck.runs import Outcome, Runner, code_of, same

Answers = dict[tuple[str, str | None], Outcome]

# Runs inside the sandbox: prints go to a buffer, answers to a file line by line, so
# that those before a crash are kept. Real files, because AutoGraph reads the source.
_DRIVER = """
import contextlib, io, json, pathlib
from selfcheck.jobs import plain

jobs = json.loads(pathlib.Path({jobs!r}).read_text(encoding="utf-8"))
with open({answers!r}, "w", encoding="utf-8") as answers:
    for number, (source, expression) in jobs:
        printed, scope = io.StringIO(), {{"__name__": "__main__"}}
        path = pathlib.Path(f"program_{{number}}.py").resolve()
        path.write_text(source, encoding="utf-8")
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(source, str(path), "exec"), scope)
                value = printed.getvalue()
                if expression is not None:
                    value = plain(eval(expression, scope))
            row = [number, value]
        except BaseException:
            row = [number, None]
        print(json.dumps(row), file=answers, flush=True)
"""


def batch_runner(config: Config, programs: Sequence[Program], alone: Runner) -> Runner:
    """Return a runner that knows the answers on which two batches agree.

    Programs that are not among them are handed to `alone`, each time they are run.
    """
    sandbox.configure(config)
    different = list({code_of(p): p for p in programs}.values())
    first, second = _run(different), _run(different[::-1])
    known = {
        code: outcome
        for code, outcome in first.items()
        if code in second and same(outcome.value, second[code].value)
    }

    def run(program: Program) -> Outcome:
        return known.get(code_of(program)) or alone(program)

    return run


def _run(programs: Sequence[Program]) -> Answers:
    """Run programs in one process; return the answers of those that came to an end."""
    with tempfile.TemporaryDirectory(prefix="selfcheck-batch-") as name:
        jobs, answers = Path(name) / "jobs.json", Path(name) / "answers"
        numbered = list(enumerate(map(code_of, programs)))
        jobs.write_text(json.dumps(numbered), encoding="utf-8")
        answers.touch()
        driver = _DRIVER.format(jobs=str(jobs), answers=str(answers))
        # One that never ends would stop those behind it: they will run alone.
        limit = 60.0 + 2.0 * len(programs)
        sandbox.run_program(driver, timeout=limit, memory=8192)
        rows = [json.loads(line) for line in answers.read_text("utf-8").splitlines()]
    found: Answers = {}
    for number, value in rows:
        if isinstance(value, str | int | float):
            found[code_of(programs[number])] = Outcome(value)
    return found
