"""Which names of a program could be taken for one another: those bound before."""

import ast
from collections.abc import Iterator, Sequence


def note_names(scope: ast.AST, outer: Sequence[tuple[int, str]] = ()) -> None:
    """Give each name that a function reads the attribute `others`.

    These are the names bound on lines above it, in the function or around it, the
    nearest one first.
    """
    known = [*outer, *sorted(_bound(scope))]
    for node in _own(scope):
        if isinstance(node, ast.FunctionDef):
            note_names(node, known)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            above = [name for line, name in known if line < node.lineno]
            others = [name for name in reversed(above) if name != node.id]
            node.others = list(dict.fromkeys(others))  # type: ignore[attr-defined]


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of functions inside it."""
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            todo += ast.iter_child_nodes(node)


def _bound(scope: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the names that a function binds, with their lines."""
    if not isinstance(scope, ast.FunctionDef):
        return
    arguments = scope.args
    for part in (*arguments.posonlyargs, *arguments.args, arguments.vararg):
        if part:
            yield part.lineno, part.arg
    other = {id(name) for node in _own(scope) for name in ast.walk(_aside(node))}
    for node in _own(scope):
        stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        if stored and id(node) not in other:
            yield node.lineno, node.id


def _aside(node: ast.AST) -> ast.AST:
    """Return the target of a `with` or a comprehension: nothing to confuse."""
    if isinstance(node, ast.comprehension):
        return node.target
    if isinstance(node, ast.withitem) and node.optional_vars:
        return node.optional_vars
    return ast.Pass()
