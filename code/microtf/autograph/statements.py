"""The pass that turns statements into functions, and a call that decides about them.

TensorFlow: tensorflow/python/autograph/converters/control_flow.py.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from microtf.autograph.activity import binds, live_in, live_in_loop
from microtf.autograph.templates import Namer, fill

Block = list[ast.stmt]


@dataclass(frozen=True)
class State:
    """The variables that a statement and its surroundings share.

    The first `outputs` of them are used afterwards, the others only inside.
    """

    names: list[str]
    outputs: int
    undefined: list[str]  # those that have no value yet

    @classmethod
    def of(
        cls, modified: set[str], before: set[str], after: set[str], defined: set[str]
    ) -> State:
        """Pick out of the modified names those that live before or after."""
        outputs = sorted(modified & after)
        names = outputs + sorted((modified & before) - after)
        return cls(names, len(outputs), [n for n in names if n not in defined])


def control_flow(tree: ast.FunctionDef, namer: Namer) -> None:
    """Replace each `if`, `while`, and `for` by a call of an operator."""
    arguments = {node.arg for node in ast.walk(tree.args) if isinstance(node, ast.arg)}
    tree.body = _ControlFlow(namer).block(tree.body, set(), arguments)


class _ControlFlow:
    def __init__(self, namer: Namer):
        self.namer = namer

    def block(self, block: Block, live_out: set[str], defined: set[str]) -> Block:
        """Convert the statements of a block, given what is needed after it."""
        result: Block = []
        for number, node in enumerate(block):
            live = live_in(block[number + 1 :], live_out)
            known = defined | binds(block[:number])
            result += self.statement(node, live, known)
        return result

    def statement(self, node: ast.stmt, live: set[str], defined: set[str]) -> Block:
        """Convert one statement, and those inside of it."""
        if isinstance(node, ast.If):
            return self.if_statement(node, live, defined)
        if isinstance(node, ast.While | ast.For):
            return self.loop(node, live, defined)
        if isinstance(node, ast.With | ast.Try):
            node.body = self.block(node.body, live, defined)
        return [node]

    def if_statement(self, node: ast.If, live: set[str], defined: set[str]) -> Block:
        """Make a function of each branch."""
        modified = binds([*node.body, *node.orelse])
        before = live_in([node], live)
        state = State.of(modified, before, live, defined)
        names = [self.namer.new_symbol(n) for n in ("if_body", "else_body")]
        get, set_, share, start = self.state_functions(state, node)
        arguments = f"{', '.join(names)}, {get}, {set_}, {tuple(state.names)}"
        return fill(
            f"START\ndef {names[0]}():\n    SHARE\n    BODY\n"
            f"def {names[1]}():\n    SHARE\n    ORELSE\n"
            f"ag__.if_stmt(TEST, {arguments}, {state.outputs})",
            node,
            START=start,
            SHARE=share,
            BODY=self.block(node.body, live, defined),
            ORELSE=self.block(node.orelse, live, defined) or fill("pass", node),
            TEST=node.test,
        )

    def loop(
        self, node: ast.While | ast.For, live: set[str], defined: set[str]
    ) -> Block:
        """Make a function of the body and of each test."""
        is_for = isinstance(node, ast.For)
        between = live_in_loop(node, live)
        modified = binds([node.target, *node.body] if is_for else node.body)
        state = State.of(modified, between, live, defined)
        get, set_, share, start = self.state_functions(state, node)
        body, test = map(self.namer.new_symbol, ("loop_body", "loop_test"))
        condition = getattr(node, "extra_test", None) if is_for else node.test
        block = self.block(node.body, between, defined | modified)
        if is_for:
            itr = ast.Name("itr", ast.Load())
            block.insert(0, ast.copy_location(ast.Assign([node.target], itr), node))
        call = "ag__.for_stmt(ITERATED, " if is_for else "ag__.while_stmt("
        return fill(
            f"START\ndef {body}({'itr' if is_for else ''}):\n    SHARE\n    BODY\n"
            f"def {test}():\n    return TEST\n"
            f"{call}{test}, {body}, {get}, {set_}, {tuple(state.names)})",
            node,
            START=start,
            SHARE=share,
            BODY=block,
            TEST=condition or ast.Constant(True),
            **({"ITERATED": node.iter} if is_for else {}),
        )

    def state_functions(
        self, state: State, at: ast.stmt
    ) -> tuple[str, str, Block, Block]:
        """Make functions that get and set the variables of a state."""
        get, set_ = map(self.namer.new_symbol, ("get_state", "set_state"))
        listed = "(" + "".join(f"{name}, " for name in state.names) + ")"
        share = f"nonlocal {', '.join(state.names)}" if state.names else "pass"
        template = (
            f"def {get}():\n    return {listed}\ndef {set_}(values):\n    {share}"
        )
        if state.names:
            template += f"\n    {listed} = values"
        first = "".join(f"{n} = ag__.Undefined('{n}')\n" for n in state.undefined)
        sharing = fill(share, at) if state.names else []
        return get, set_, sharing, fill(first + template, at)
