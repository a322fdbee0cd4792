"""Execute what a pool claims: every key and every wrong answer, each of them twice.

The programs run in the grader's zygote, one forked process each. What they answer
is kept in the build folder under a hash of programs and library versions, so that a
second build runs nothing.
"""

from collections.abc import Callable, Mapping, Sequence

from selfcheck import answers
from selfcheck.answers import Answers
from selfcheck.batch import batch_runner
from selfcheck.config import Config
from selfcheck.keycache import Cache
from selfcheck.load import PoolFile
from selfcheck.model import AnyItem
from selfcheck.problems import PoolError, Problem
from selfcheck.programs import PatchError, Program, programs
from selfcheck.runs import Outcome, Runner, code_of, fault, run_all, zygote_runner
from selfcheck.settings import can_fork

Keys = dict[str, tuple[Answers, ...]]


def resolve(
    file: PoolFile,
    config: Config,
    runner: Runner | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Keys:
    """Return the answers of all items of a pool, running what is not cached.

    `progress(done, total)` is told of every program that ran. Raises PoolError with
    all findings: evidence that fails, an answer that differs between two runs, a
    program over its limits, a trap that is the key. What passed is cached all the
    same. Raises SandboxError when nothing can be run at all.
    """
    keys, problems = attempt(file, config, runner, progress)
    if problems:
        raise PoolError(problems)
    return keys


def attempt(
    file: PoolFile,
    config: Config,
    runner: Runner | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Keys, list[Problem]]:
    """Return the answers of the items that are sound, and all findings."""
    cache = Cache(config.build / "keys" / f"{file.pool.pool}.json", config)
    wanted, problems = _programs(file)
    pending = {
        name: found for name, found in wanted.items() if not cache.holds(name, found)
    }
    if any(pending.values()):
        outcomes = run_all(pending, runner or _runner(config, pending), progress)
        problems += _store(file, pending, outcomes, cache)
    keys: Keys = {}
    for item in file.pool.items:
        found = wanted.get(item.id)
        if found is None or not cache.holds(item.id, found):
            continue
        try:
            keys[item.id] = answers.of_item(file, item, cache.values(item.id))
        except OSError as error:
            text = f"`reference`: expected a solution at {error.filename}; write it"
            problems.append(file.problem("code", text, item.id, "reference"))
            continue
        problems += answers.clashes(file, item, keys[item.id])
    return keys, problems


def _runner(config: Config, pending: Mapping[str, Sequence[Program]]) -> Runner:
    alone = zygote_runner(config)
    if can_fork():
        return alone
    return batch_runner(config, [p for found in pending.values() for p in found], alone)


def _programs(file: PoolFile) -> tuple[dict[str, list[Program]], list[Problem]]:
    wanted: dict[str, list[Program]] = {}
    problems: list[Problem] = []
    for item in file.pool.items:
        try:
            wanted[item.id] = programs(item)
        except PatchError as error:
            problems.append(file.problem("patch", str(error), item.id, *error.loc))
    return wanted, problems


def _store(
    file: PoolFile,
    pending: Mapping[str, Sequence[Program]],
    outcomes: Mapping[tuple[str, str | None], tuple[Outcome, Outcome]],
    cache: Cache,
) -> list[Problem]:
    """Keep the answers of the items whose programs all ran well; tell of the rest."""
    problems: list[Problem] = []
    for name, found in pending.items():
        results = {program: outcomes[code_of(program)] for program in found}
        bad = _findings(file, file.item(name), results)
        problems += bad
        if not bad:
            values = {(p.variant, p.role): results[p][0].value for p in found}
            cache.store(name, found, values)
    cache.write()
    return problems


def _findings(
    file: PoolFile, item: AnyItem, results: Mapping[Program, Sequence[Outcome]]
) -> list[Problem]:
    problems = []
    for program, (first, second) in results.items():
        said = fault(program, first, second)
        if said:
            which = f" (variant {program.variant})" if item.vary else ""
            rule = "evidence" if program.role == "evidence" else "run"
            text = f"`{program.loc[0]}`{which}: {said}"
            problems.append(file.problem(rule, text, item.id, *program.loc))
    return problems
