"""What statements read and bind, and which names are still needed afterwards.

TensorFlow: tensorflow/python/autograph/pyct/static_analysis/activity.py and liveness.py
beside it, which follows a graph of all jumps. Here the jumps are gone before anybody
asks, and blocks are walked from their ends.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

_SCOPES = (
    ast.FunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


def reads(node: ast.AST | None) -> set[str]:
    """Return the names whose values a piece of code may use."""
    names = set() if node is None else {n.id for n in ast.walk(node) if _is_read(n)}
    updated = [] if node is None else ast.walk(node)
    return names | {
        n.target.id
        for n in updated
        if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)
    }


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def binds(statements: Iterable[ast.AST]) -> set[str]:
    """Return the names to which statements give a meaning in their own scope.

    >>> sorted(binds(ast.parse("x, y[0] = 1, [i for i in z]").body))
    ['x']
    """
    return {name for node in statements for name in _binds(node)}


def _binds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    if not isinstance(node, _SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from _binds(child)


def live_in(statements: Sequence[ast.stmt], live_out: set[str]) -> set[str]:
    """Return the names whose values are used from here on, before they are replaced.

    >>> block = ast.parse("y = x + 1\\nx = y").body
    >>> sorted(live_in(block, {"x", "z"}))
    ['x', 'z']
    """
    for statement in reversed(statements):
        live_out = _before(statement, live_out)
    return live_out


def _before(node: ast.stmt, live: set[str]) -> set[str]:
    if isinstance(node, ast.If):
        return reads(node.test) | live_in(node.body, live) | live_in(node.orelse, live)
    if isinstance(node, ast.While | ast.For):
        return live_in_loop(node, live) | reads(getattr(node, "iter", None))
    if isinstance(node, ast.Return):
        return reads(node.value)
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.FunctionDef):
        return live - binds([node]) | reads(node)
    return live | reads(node)  # it may not run to its end


def live_in_loop(node: ast.While | ast.For, live_out: set[str]) -> set[str]:
    """Return the names that are needed whenever a loop asks whether to go on.

    What a round needs, the round before has to hand over.
    """
    live = live_out | reads(getattr(node, "test", None))
    live |= reads(getattr(node, "extra_test", None))
    target = binds([node.target]) if isinstance(node, ast.For) else set()
    while True:
        more = live | live_in(node.body, live) - target
        if more == live:
            return live
        live = more
