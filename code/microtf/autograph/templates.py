"""Templates: code with names to be filled in, as trees.

TensorFlow: tensorflow/python/autograph/pyct/templates.py.
"""

from __future__ import annotations

import ast
import textwrap


def fill(
    template: str, at: ast.AST, **parts: ast.expr | list[ast.stmt]
) -> list[ast.stmt]:
    """Parse `template`, and put trees in the place of names.

    A name on a line by itself stands for a list of statements. All that is new is said
    to come from where `at` is in the source, so that an error in it points there.

    >>> body = ast.parse("y = 2").body
    >>> print(ast.unparse(fill("if x:\\n    BODY", body[0], BODY=body)[0]))
    if x:
        y = 2
    """
    tree = ast.parse(textwrap.dedent(template))
    for node in ast.walk(tree):
        ast.copy_location(node, at)
    return _Filler(parts).visit(tree).body


def expression(template: str, at: ast.AST, **parts: ast.expr) -> ast.expr:
    """Fill in a template that is an expression."""
    (statement,) = fill(template, at, **parts)
    return statement.value


class _Filler(ast.NodeTransformer):
    def __init__(self, parts: dict[str, ast.expr | list[ast.stmt]]):
        self.parts = parts

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        if isinstance(node.value, ast.Name) and node.value.id in self.parts:
            part = self.parts[node.value.id]
            if isinstance(part, list):
                return part
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.parts.get(node.id, node)


class Namer:
    """Makes names that a function does not use yet.

    TensorFlow: `Namer` in tensorflow/python/autograph/pyct/naming.py.
    """

    def __init__(self, tree: ast.AST):
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self._taken = names | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}

    def new_symbol(self, root: str) -> str:
        """Return `root`, or `root` with a number behind it."""
        name, number = root, 0
        while name in self._taken:
            number += 1
            name = f"{root}_{number}"
        self._taken.add(name)
        return name
