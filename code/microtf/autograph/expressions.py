"""Passes over expressions: calls, conditions, logic, and names without a value.

TensorFlow: call_trees.py, conditional_expressions.py, logical_expressions.py, and
variables.py in tensorflow/python/autograph/converters.
"""

from __future__ import annotations

import ast

from microtf.autograph.templates import Namer, expression


def call_trees(tree: ast.FunctionDef, namer: Namer) -> None:
    """Have each call go through `converted_call`, which may convert the callee."""
    _Calls().visit(tree)


def conditional_expressions(tree: ast.FunctionDef, namer: Namer) -> None:
    """Turn `a if test else b` into a call with two functions."""
    _Conditions().visit(tree)


def logical_expressions(tree: ast.FunctionDef, namer: Namer) -> None:
    """Turn `not`, `and`, and `or` into calls; the right side waits to be asked for."""
    _Logic().visit(tree)


def variables(tree: ast.FunctionDef, namer: Namer) -> None:
    """Have reads of names that may have no value complain about that."""
    marked = {
        node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and ast.unparse(node.value).startswith("ag__.Undefined(")
    }
    _Reads(marked).visit(tree)


class _Calls(ast.NodeTransformer):
    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node  # converted when it is called, like any other function

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.func) == "super" or ast.unparse(node).startswith("ag__."):
            return node
        keys = [k.arg and ast.Constant(k.arg) for k in node.keywords]
        return expression(
            "ag__.converted_call(FUNCTION, ARGS, KWARGS)",
            node,
            FUNCTION=node.func,
            ARGS=ast.Tuple(node.args, ast.Load()),
            KWARGS=ast.Dict(keys, [k.value for k in node.keywords]),
        )


class _Conditions(ast.NodeTransformer):
    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        template = "ag__.if_exp(TEST, lambda: BODY, lambda: ORELSE)"
        parts = {"TEST": node.test, "BODY": node.body, "ORELSE": node.orelse}
        return expression(template, node, **parts)


class _Logic(ast.NodeTransformer):
    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Not):
            return node
        return expression("ag__.not_(OPERAND)", node, OPERAND=node.operand)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        name = "and_" if isinstance(node.op, ast.And) else "or_"
        result = node.values[-1]
        for value in reversed(node.values[:-1]):
            template = f"ag__.{name}(lambda: LEFT, lambda: RIGHT)"
            result = expression(template, node, LEFT=value, RIGHT=result)
        return result


class _Reads(ast.NodeTransformer):
    def __init__(self, marked: set[str]):
        self.marked = marked

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        # What reads the state for a statement has to see that there is no value.
        return node if node.name.startswith("get_state") else self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.marked or not isinstance(node.ctx, ast.Load):
            return node
        return expression("ag__.ld(NAME)", node, NAME=node)
