"""How a program is spoiled: each operator makes the slips of one kind.

An operator takes a node of a syntax tree and yields what may stand in its place: a
node, or for a statement a list of statements. The slips are those of somebody who
writes TensorFlow: another reduction, an axis too few, a factor forgotten, a decorator
left out, a gradient not stopped, a variable overwritten instead of added to.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

from selfcheck.swaps import (
    ARITHMETIC,
    ASSIGNS,
    CALLS,
    COMPARES,
    FORM_ONLY,
    LIBRARIES,
    METHODS,
    NARROWER,
    PLAIN_CALLS,
    SYMMETRIC,
)

Change = ast.AST | list[ast.stmt]
Operator = Callable[[Any], Iterator[Change]]


def other_call(node: ast.AST) -> Iterator[Change]:
    """Another function: `tf.reduce_sum` for `tf.reduce_mean`, `max` for `min`."""
    if isinstance(node, ast.Call):
        for name in CALLS.get(_called(node), ()):
            yield replaced(node, func=_renamed(node.func, name))


def other_assignment(node: ast.AST) -> Iterator[Change]:
    """Overwriting instead of adding: `assign` for `assign_add`, `=` for `+=`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for name in ASSIGNS.get(node.func.attr, ()):
            yield replaced(node, func=_renamed(node.func, name))
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=node.lineno)


def flag_flipped(node: ast.AST) -> Iterator[Change]:
    """A flag turned around: keepdims, persistent, training, from_logits, …"""
    if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
        value = node.value.value
        if isinstance(value, bool):
            yield replaced(node, value=ast.Constant(not value))


def option_dropped(node: ast.AST) -> Iterator[Change]:
    """A keyword left out, an axis for instance: its default is used instead."""
    if isinstance(node, ast.Call):
        for index, option in enumerate(node.keywords):
            flag = isinstance(option.value, ast.Constant) and isinstance(
                option.value.value, bool
            )
            if option.arg not in (None, "name") and not flag:
                rest = node.keywords[:index] + node.keywords[index + 1 :]
                yield replaced(node, keywords=rest)


def comparison_changed(node: ast.AST) -> Iterator[Change]:
    """Another comparison: the bound included or not, the opposite side."""
    if isinstance(node, ast.Compare):
        for index, old in enumerate(node.ops):
            for new in COMPARES[type(old)]:
                ops = [*node.ops[:index], new(), *node.ops[index + 1 :]]
                yield replaced(node, ops=ops)


def condition_changed(node: ast.AST) -> Iterator[Change]:
    """A condition turned around, taken for granted, or never met."""
    if isinstance(node, ast.If | ast.IfExp):
        yield replaced(node, test=_negated(node.test))
        yield replaced(node, test=ast.Constant(True))
        if not _is_one_jump(node):
            yield replaced(node, test=ast.Constant(False))
    if isinstance(node, ast.While):
        yield replaced(node, test=ast.Constant(False))
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield replaced(node, op=other)
        yield from node.values
    if isinstance(node, ast.comprehension) and node.ifs:
        yield replaced(node, ifs=node.ifs[1:])


def arithmetic_changed(node: ast.AST) -> Iterator[Change]:
    """+ for -, * for /, ** for *, and back; a sign or a negation lost."""
    if isinstance(node, ast.BinOp | ast.AugAssign):
        if new := ARITHMETIC.get(type(node.op)):
            yield replaced(node, op=new())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield node.operand


def operand_dropped(node: ast.AST) -> Iterator[Change]:
    """A factor or a term forgotten: the upstream gradient, the rate, the offset."""
    if isinstance(node, ast.BinOp):
        yield node.left
        yield node.right


def call_dropped(node: ast.AST) -> Iterator[Change]:
    """The argument instead of an op on it: no cast, no stop_gradient, no copy."""
    if not isinstance(node, ast.Call):
        return
    name, function = _called(node), node.func
    if isinstance(function, ast.Attribute) and name in METHODS and not node.args:
        yield function.value
    if not node.args or isinstance(node.args[0], ast.Starred) or name in FORM_ONLY:
        return
    if _root(function) in LIBRARIES or name in PLAIN_CALLS:
        yield node.args[0]


def decorator_dropped(node: ast.AST) -> Iterator[Change]:
    """A decorator left out: tf.function, tf.custom_gradient, tf.RegisterGradient."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        for index in range(len(node.decorator_list)):
            rest = node.decorator_list[:index] + node.decorator_list[index + 1 :]
            yield replaced(node, decorator_list=rest)


def scope_dropped(node: ast.AST) -> Iterator[Change]:
    """A block without its `with`: no stop_recording, no control_dependencies."""
    if isinstance(node, ast.With) and not any(i.optional_vars for i in node.items):
        yield node.body


def type_narrowed(node: ast.AST) -> Iterator[Change]:
    """A smaller type: float32 for float64."""
    if isinstance(node, ast.Attribute) and _root(node) in LIBRARIES:
        if node.attr in NARROWER:
            yield replaced(node, attr=NARROWER[node.attr])
    elif isinstance(node, ast.Constant) and node.value in list(NARROWER):
        yield ast.Constant(NARROWER[node.value])


def number_changed(node: ast.AST) -> Iterator[Change]:
    """Another number: one more, one less, ten times as large."""
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        return
    value = node.value
    if value in (0, 1, 2):
        yield ast.Constant(value + 1)
        if value:
            yield ast.Constant(value - 1)
    else:
        larger = float(f"{value * 10:.12g}")
        yield ast.Constant(value + 1 if isinstance(value, int) else larger)


def order_changed(node: ast.AST) -> Iterator[Change]:
    """Two neighbors exchanged: arguments of a call, parts of a tuple."""
    if isinstance(node, ast.Call) and len(node.args) > 1:
        starred = any(isinstance(part, ast.Starred) for part in node.args)
        if not starred and _called(node) not in SYMMETRIC:
            yield replaced(node, args=[*node.args[:-2], node.args[-1], node.args[-2]])
    sequence = isinstance(node, ast.Tuple | ast.List) and len(node.elts) > 1
    if sequence and isinstance(node.ctx, ast.Load):
        yield replaced(node, elts=[*node.elts[1::-1], *node.elts[2:]])


def part_missing(node: ast.AST) -> Iterator[Change]:
    """None for a part of what is returned: no gradient for one of the inputs."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple | ast.List):
        parts = node.value.elts
        for index in range(len(parts)):
            rest = [*parts[:index], ast.Constant(None), *parts[index + 1 :]]
            yield replaced(node, value=replaced(node.value, elts=rest))


def slice_dropped(node: ast.AST) -> Iterator[Change]:
    """The whole instead of a part: `x` for `x[1:]`."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        yield node.value


def loop_cut(node: ast.AST) -> Iterator[Change]:
    """A loop that stops after its first round."""
    if isinstance(node, ast.For | ast.While):
        yield replaced(node, body=[*node.body, ast.Break()])


def statement_deleted(node: ast.AST) -> Iterator[Change]:
    """A statement forgotten: tape.watch, an assignment to a variable, `continue`.

    Where a name is bound for the first time nothing is deleted: what is left would
    stop with a NameError, which any check notices.
    """
    called = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    stores = isinstance(node, ast.Assign) and not any(
        isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        for target in node.targets
        for part in ast.walk(target)
    )
    jumps = ast.Continue | ast.Break | ast.Raise | ast.Assert | ast.AugAssign
    if called or stores or isinstance(node, jumps):
        yield [ast.Pass()]


def name_confused(node: ast.AST) -> Iterator[Change]:
    """The wrong name returned or handed over: one that was bound before.

    Needs the marks of `confusions.note_names`.
    """
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
        for name in getattr(node.value, "others", ())[:2]:
            yield replaced(node, value=ast.Name(name, ast.Load()))
    for index, part in enumerate(node.args if isinstance(node, ast.Call) else ()):
        inner = part.value if isinstance(part, ast.Starred) else part
        for name in getattr(inner, "others", ())[:1]:
            new: ast.expr = ast.Name(name, ast.Load())
            new = ast.Starred(new, ast.Load()) if inner is not part else new
            yield replaced(
                node, args=[*node.args[:index], new, *node.args[index + 1 :]]
            )


OPERATORS: tuple[Operator, ...] = (
    other_call,
    other_assignment,
    flag_flipped,
    option_dropped,
    comparison_changed,
    condition_changed,
    arithmetic_changed,
    operand_dropped,
    call_dropped,
    decorator_dropped,
    scope_dropped,
    type_narrowed,
    number_changed,
    order_changed,
    part_missing,
    slice_dropped,
    loop_cut,
    statement_deleted,
    name_confused,
)


def replaced(node: Any, **fields: Any) -> Any:
    """Return a copy of a node with other fields; its other children are shared."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _called(node: ast.Call) -> str:
    """Return the last part of a call's name, "" when it has none."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _renamed(function: ast.expr, name: str) -> ast.expr:
    if isinstance(function, ast.Attribute):
        return replaced(function, attr=name)
    return ast.Name(name, ast.Load())


def _root(node: ast.AST) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_one_jump(node: ast.If | ast.IfExp) -> bool:
    """Whether a branch is never taken when `statement_deleted` has been there."""
    body = node.body if isinstance(node, ast.If) and not node.orelse else []
    jumps = ast.Continue | ast.Break | ast.Raise | ast.Expr
    return len(body) == 1 and isinstance(body[0], jumps)


def _negated(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        # The last one is the opposite, which `comparison_changed` yields, too.
        return replaced(test, ops=[COMPARES[type(test.ops[0])][-1]()])
    return ast.UnaryOp(ast.Not(), test)
