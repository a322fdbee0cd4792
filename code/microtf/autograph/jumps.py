"""Passes that replace jumps by flags: `break`, then `continue`, then `return`.

A branch of a graph has one entry and one exit, so a jump has to become a variable and
a condition. TensorFlow: break_statements.py, continue_statements.py, and
return_statements.py in tensorflow/python/autograph/converters.
"""

from __future__ import annotations

import ast

from microtf.autograph.templates import Namer, expression, fill

Block = list[ast.stmt]


def break_statements(tree: ast.FunctionDef, namer: Namer) -> None:
    """Turn each `break` into a flag that ends the loop, and a `continue`."""
    for loop in _loops(tree):
        flag = namer.new_symbol("break_")
        body, used = _lower(loop.body, ast.Break, f"{flag} = True\ncontinue", None)
        if used:
            loop.body = body
            _stop_on(loop, flag)
            loop.before = [*_before(loop), *fill(f"{flag} = False", loop)]
    _splice(tree)


def continue_statements(tree: ast.FunctionDef, namer: Namer) -> None:
    """Turn each `continue` into a flag that the rest of the body asks for."""
    for loop in _loops(tree):
        flag = namer.new_symbol("continue_")
        body, used = _lower(loop.body, ast.Continue, f"{flag} = True", flag)
        if used:
            loop.body = [*fill(f"{flag} = False", loop), *body]


def return_statements(tree: ast.FunctionDef, namer: Namer) -> None:
    """Leave one `return`, at the end, of a value that was set on the way there."""
    returns = [n for n in _own(tree) if isinstance(n, ast.Return)]
    if not returns or returns == tree.body[-1:]:
        return
    flag, value = namer.new_symbol("do_return"), namer.new_symbol("retval_")
    template = f"{flag} = True\n{value} = VALUE"
    body, _ = _lower(_complete(tree.body), ast.Return, template, flag)
    start = f"{flag} = False\n{value} = ag__.UndefinedReturnValue()"
    end = fill(f"return ag__.ret({value})", tree.body[-1])
    tree.body = [*fill(start, tree), *body, *end]


def _lower(
    block: Block, jump: type, template: str, flag: str | None
) -> tuple[Block, bool]:
    """Replace each `jump`; once `flag` may be set, the rest of the block asks for it.

    Returns the new block, and whether there was a jump. Only a `return` leaves loops.
    """
    result: Block = []
    for number, node in enumerate(block):
        if isinstance(node, jump):
            value = getattr(node, "value", None) or ast.Constant(None)
            return [*result, *fill(template, node, VALUE=value)], True
        used = _lower_inside(node, jump, template, flag)
        result.append(node)
        if used and flag is not None:
            rest, _ = _lower(block[number + 1 :], jump, template, flag)
            guard = fill(f"if not {flag}:\n    REST", node, REST=rest) if rest else []
            return [*result, *guard], True
        if used:
            rest, _ = _lower(block[number + 1 :], jump, template, flag)
            return [*result, *rest], True
    return result, False


def _lower_inside(node: ast.stmt, jump: type, template: str, flag: str | None) -> bool:
    is_loop = isinstance(node, ast.For | ast.While)
    if isinstance(node, ast.FunctionDef) or (is_loop and jump is not ast.Return):
        return False
    used = False
    for field in ("body", "orelse"):
        if getattr(node, field, None):
            block, found = _lower(getattr(node, field), jump, template, flag)
            setattr(node, field, block)
            used |= found
    if used and is_loop:
        _stop_on(node, flag)
    return used


def _stop_on(loop: ast.For | ast.While, flag: str) -> None:
    """Have a loop end before the round after the one that sets `flag`."""
    if isinstance(loop, ast.While):
        loop.test = expression(f"not {flag} and TEST", loop, TEST=loop.test)
        return
    before = getattr(loop, "extra_test", None)
    template = f"not {flag} and TEST" if before else f"not {flag}"
    # Python has no `for` with a test; those who know of it find it here.
    loop.extra_test = expression(template, loop, TEST=before)


def _complete(block: Block) -> Block:
    """Move what follows an `if` that returns into its other branch.

    TensorFlow: `ConditionalReturnRewriter`.
    """
    for number, node in enumerate(block):
        rest = block[number + 1 :]
        if isinstance(node, ast.If):
            node.body, node.orelse = _complete(node.body), _complete(node.orelse)
            for field, other in [("body", "orelse"), ("orelse", "body")]:
                if rest and _returns(getattr(node, field)):
                    setattr(node, other, _complete([*getattr(node, other), *rest]))
                    return block[: number + 1]
        elif isinstance(node, ast.For | ast.While):
            node.body = _complete(node.body)
    return block


def _returns(block: Block) -> bool:
    """Whether a block returns whatever happens."""
    last = block[-1] if block else None
    if isinstance(last, ast.If):
        return _returns(last.body) and _returns(last.orelse)
    return isinstance(last, ast.Return)


def _own(node: ast.AST) -> list[ast.AST]:
    """Return the nodes of a function, the inner ones first, without inner functions."""
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            found += [*_own(child), child]
    return found


def _loops(tree: ast.FunctionDef) -> list[ast.For | ast.While]:
    loops = [n for n in _own(tree) if isinstance(n, ast.For | ast.While)]
    for loop in loops:
        if loop.orelse:
            raise NotImplementedError(
                f"expected a loop without `else`, got one in line {loop.lineno}; "
                "set a flag in the loop, and ask for it afterwards"
            )
    return loops


def _before(loop: ast.stmt) -> Block:
    return getattr(loop, "before", [])


def _splice(tree: ast.AST) -> None:
    """Put the statements that loops want in front of them there."""
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                spliced = [part for n in block for part in (*_before(n), n)]
                setattr(node, field, spliced)
