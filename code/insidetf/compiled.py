"""A fourth looking glass: what TensorFlow's compilers make of a function.

Graphs come from `insidetf.lens`, which knows the private API; the text of HLO is
public.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from insidetf.lens import collect_graphs


def graphs(function: Any, *args: Any) -> tuple[tf.Graph, tf.Graph]:
    """Run a `tf.function` and return its graph before and after Grappler.

    The function must not have run before: TensorFlow optimizes a graph once.
    Of several functions that run, a forward and a backward one for instance, it is the
    first; `all_graphs` has the others.

    >>> before, after = graphs(tf.function(lambda x: x + 0.0), tf.constant(1.0))
    >>> [op.type for op in after.get_operations()]
    ['_Arg', '_Retval']
    """
    return all_graphs(lambda: function(*args))[0]


def all_graphs(program: Any) -> list[tuple[tf.Graph, tf.Graph]]:
    """Call `program` and return each graph that it has compiled, before and after.

    An eager op that runs for the first time is compiled as well, as a graph of that op:
    make the arguments beforehand.
    Raises ValueError where none was.
    """
    return [(_load(a), _load(b)) for a, b in collect_graphs(program)]


def _load(graph_def: Any) -> tf.Graph:
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
    return graph


def op_types(graph: Any) -> Counter[str]:
    """Count the ops of a graph by type, TensorFlow's or a miniature's."""
    operations = (
        graph.get_operations() if hasattr(graph, "get_operations") else graph.ops
    )
    return Counter(op.type for op in operations)


@dataclass
class Instruction:
    """One line of HLO; it looks like an operation to `insidetf.draw`."""

    name: str
    type: str
    shape: str
    inputs: list[Result] = field(default_factory=list)
    control_inputs: tuple[Any, ...] = ()
    calls: str | None = None
    is_root: bool = False


@dataclass(frozen=True)
class Result:
    """What an instruction computes; in HLO it bears the instruction's name."""

    op: Instruction


@dataclass
class Computation:
    """A function of an HLO module: instructions, each after what it reads."""

    name: str
    is_entry: bool
    ops: list[Instruction] = field(default_factory=list)


_HEAD = re.compile(r"^(ENTRY )?%(\S+) \(.*\{$")
_LINE = re.compile(r"^\s+(ROOT )?%(\S+) = (\(.*?\)|\S+) ([\w-]+)\((.*?)\)(.*)$")


def read_hlo(text: str) -> dict[str, Computation]:
    """Read the text of an HLO module into its computations, by name.

    >>> module = read_hlo('''ENTRY %main (p: f32[2]) -> f32[2] {
    ...   %p = f32[2]{0} parameter(0)
    ...   ROOT %y = f32[2]{0} add(%p, %p)
    ... }''')
    >>> [(op.name, op.type) for op in module["main"].ops]
    [('p', 'parameter'), ('y', 'add')]
    """
    module: dict[str, Computation] = {}
    current, known = None, {}
    for line in clean(text).splitlines():
        if head := _HEAD.match(line):
            current, known = Computation(head[2], bool(head[1])), {}
            module[current.name] = current
        elif current and (found := _LINE.match(line)):
            root, name, shape, kind, operands, rest = found.groups()
            calls = re.search(r"(?:calls|to_apply)=%([\w.\-]+)", rest)
            instruction = Instruction(name, kind, shape)
            names = re.findall(r"%([\w.\-]+)", operands)
            instruction.inputs = [Result(known[n]) for n in names if n in known]
            instruction.calls = calls[1] if calls else None
            instruction.is_root = bool(root)
            current.ops.append(instruction)
            known[name] = instruction
    return module


_LAYOUT = re.compile(r"(?<=\])\{[\d,]*\}")  # the order of axes in memory
_NOISE = re.compile(
    r", (?:metadata|frontend_attributes|backend_config|parameter_replication)=\{[^}]*\}"
    r"|(?<=[(,\s])(?:\w+\[[^\]]*\]|\([^()]*\)) (?=%)"  # the type of an operand
)


def clean(text: str) -> str:
    """Leave out of HLO what repeats itself: metadata, layouts, types of operands.

    >>> clean("%y = f32[2]{0} negate(f32[2]{0} %x), metadata={op_name='neg'}")
    '%y = f32[2] negate(%x)'
    """
    return _NOISE.sub("", _LAYOUT.sub("", text))


def hlo(function: Any, *args: Any, stage: str = "optimized_hlo") -> str:
    """Return the HLO text of a function compiled by XLA, as `clean` leaves it."""
    return clean(function.experimental_get_compiler_ir(*args)(stage=stage))
