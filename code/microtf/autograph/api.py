"""From a function to one that decides about its control flow while it runs.

TensorFlow: `PyToTF.transform_ast` and `converted_call` in
tensorflow/python/autograph/impl/api.py, `PyToPy` in
tensorflow/python/autograph/pyct/transpiler.py.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import textwrap
import types
from collections.abc import Callable, Sequence
from typing import Any

from microtf.autograph import expressions, jumps, logical, operators, statements, values
from microtf.autograph.templates import Namer

Pass = Callable[[ast.FunctionDef, Namer], None]

#: The order matters: jumps go first, so that blocks have one exit each.
PASSES: Sequence[Pass] = (
    jumps.break_statements,
    jumps.continue_statements,
    jumps.return_statements,
    expressions.call_trees,
    statements.control_flow,
    expressions.conditional_expressions,
    expressions.logical_expressions,
    expressions.variables,
)
_LIBRARIES = {"microtf", "numpy", *sys.stdlib_module_names} - {"__main__"}


def stages(function: Callable[..., Any]) -> list[tuple[str, str]]:
    """Return the source of a function, and what each pass makes of it, by its name."""
    tree = _parse(function)
    result, namer = [("source", ast.unparse(tree))], Namer(tree)
    for run in PASSES:
        run(tree, namer)
        result.append((run.__name__, ast.unparse(ast.fix_missing_locations(tree))))
    return result


def to_code(function: Callable[..., Any]) -> str:
    """Return the source of the converted function. TensorFlow: the same name."""
    return stages(function)[-1][1]


def do_not_convert(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function that is to run as it is written."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    wrapper.do_not_convert = True
    return wrapper


def converted_call(function: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Call a function; convert it before, if it is one that somebody wrote here."""
    if function is range and any(map(values.is_symbolic, args)):
        return values.StagedRange.of(*args)
    if inspect.ismethod(function):
        args, function = (function.__self__, *args), function.__func__
    if _is_convertible(function):
        function = convert(function)
    return function(*args, **kwargs)


def tf_convert(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose calls are converted calls of `function`."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return converted_call(function, args, kwargs)

    return wrapper


def _is_convertible(function: Any) -> bool:
    if not isinstance(function, types.FunctionType):
        return False
    if function.__name__ == "<lambda>" or inspect.isgeneratorfunction(function):
        return False
    if getattr(function, "do_not_convert", False):
        return False
    home = function.__globals__.get("__name__", "")  # not what a wrapper copied
    library = home.partition(".")[0] in _LIBRARIES
    return not library and _has_source(function)


def _has_source(function: types.FunctionType) -> bool:
    try:
        return bool(inspect.getsource(function.__code__))
    except OSError:  # it was typed into an interpreter, or made by `exec`
        return False


def convert(function: types.FunctionType) -> types.FunctionType:
    """Return the converted function, with the closure and defaults of the original."""
    code = _converted_code(function.__code__, function)
    free = function.__code__.co_freevars
    cells = dict(zip(free, function.__closure__ or (), strict=True))
    cells["ag__"] = types.CellType(_operators())
    closure = tuple(cells[name] for name in code.co_freevars)
    converted = types.FunctionType(
        code, function.__globals__, function.__name__, function.__defaults__, closure
    )
    converted.__kwdefaults__ = function.__kwdefaults__
    return converted


_codes: dict[types.CodeType, types.CodeType] = {}


def _converted_code(
    code: types.CodeType, function: types.FunctionType
) -> types.CodeType:
    """Compile the converted tree, under the name of the file that it came from."""
    if code not in _codes:
        tree = _parse(function)
        namer = Namer(tree)
        for run in PASSES:
            run(tree, namer)
        names = ", ".join(["ag__", *code.co_freevars])  # free in `tree`, as they were
        outer = ast.parse(f"def outer({names}):\n    pass").body[0]
        outer.body = [tree]
        module = ast.fix_missing_locations(ast.Module([outer], []))
        compiled = compile(module, code.co_filename, "exec")
        _codes[code] = _find(_find(compiled, "outer"), code.co_name)
    return _codes[code]


def _find(code: types.CodeType, name: str) -> types.CodeType:
    inside = (c for c in code.co_consts if isinstance(c, types.CodeType))
    return next(found for found in inside if found.co_name == name)


@functools.cache
def _operators() -> types.SimpleNamespace:
    """Gather what converted code knows as `ag__`."""
    found = {**vars(values), **vars(logical), **vars(operators)}
    return types.SimpleNamespace(**found, converted_call=converted_call)


def _parse(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return the tree of a function, its lines numbered as in its file."""
    lines, first = inspect.getsourcelines(function.__code__)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    ast.increment_lineno(tree, first - 1)
    (function_def,) = tree.body
    function_def.decorator_list = []
    return function_def
