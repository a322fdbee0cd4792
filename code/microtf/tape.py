"""The tape: which ops ran on watched tensors, and the walk back over them.

TensorFlow: tensorflow/c/eager/tape.h (C++), whose names are kept here: `should_record`
is `ShouldRecord`, `_prepare` is `PrepareBackprop`, `_seed` is `InitialGradients`.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from microtf.indexed_slices import IndexedSlices, aggregate
from microtf.op import op
from microtf.tensor import Tensor, constant

WATCHED = -1  # in place of a record's number: watched, and made by no recorded op

Gradient = Tensor | IndexedSlices | None
Backward = Callable[[Sequence[Gradient], Sequence[int]], Sequence[Gradient]]


@dataclass(frozen=True)
class TensorInfo:
    """What the tape remembers of a tensor. TensorFlow: `PyTapeTensor`."""

    id: int
    shape: tuple[int, ...]
    dtype: np.dtype


@dataclass(frozen=True)
class Record:
    """One op that ran. TensorFlow: `OpTapeEntry`.

    Inputs and outputs are known by their ids alone; whatever the derivative needs of
    their values hides in `backward(upstream, skip_input_indices)`.
    """

    op_type: str
    inputs: tuple[int, ...]
    outputs: tuple[TensorInfo, ...]
    backward: Backward


def is_trainable(dtype: np.dtype) -> bool:
    """Whether a tensor of this dtype has a derivative: floats, complex, resources."""
    return dtype.kind in "fcO"


class Tape:
    """The bookkeeping behind `microtf.GradientTape`.

    >>> tape, x, y = Tape(), constant(3.0), constant(9.0)
    >>> tape.watch(x)
    >>> tape.record("Square", [x], [y], lambda: lambda dy, skip: [6.0 * dy[0]])
    >>> [float(dx) for dx in tape.compute_gradient([y], [x])]
    [6.0]
    """

    def __init__(self, persistent: bool = False):
        self.persistent = persistent
        self.records: dict[int, Record] = {}
        self.producer: dict[int, int] = {}  # id of a watched tensor -> its record
        self._next_number = 0

    def watch(self, tensor: Tensor) -> None:
        """Record from now on what is computed from `tensor`."""
        self.producer.setdefault(tensor.id, WATCHED)

    def should_record(self, inputs: Sequence[Tensor]) -> bool:
        """Whether an op on `inputs` depends on a watched tensor with a derivative."""
        return any(t.id in self.producer and is_trainable(t.dtype) for t in inputs)

    def record(
        self,
        op_type: str,
        inputs: Sequence[Tensor],
        outputs: Sequence[Tensor],
        make_backward: Callable[[], Backward],
    ) -> None:
        """Append a record, if it may ever be needed, and watch its outputs."""
        if not self.should_record(inputs):
            return
        number, self._next_number = self._next_number, self._next_number + 1
        for output in outputs:
            self.producer[output.id] = number
        self.records[number] = Record(
            op_type,
            tuple(tensor.id for tensor in inputs),
            tuple(TensorInfo(t.id, t.shape, t.dtype) for t in outputs),
            make_backward(),
        )

    def compute_gradient(
        self,
        targets: Sequence[Tensor],
        sources: Sequence[Tensor],
        output_gradients: Sequence[Tensor] | None = None,
    ) -> list[Gradient]:
        """Walk from the targets back to everything they were computed from.

        Returns one gradient per source, None where the walk did not come by. Unless
        the tape is persistent, its records are gone afterwards.
        """
        records, uses, missing = self._prepare(targets)
        wanted = {source.id for source in sources}
        gradients = self._seed(targets, wanted, output_gradients)
        ready = deque(number for number in records if number not in missing)
        while ready:
            record = records.pop(ready.popleft())
            results = self._call_backward(record, gradients, wanted)
            for tensor_id, gradient in zip(record.inputs, results, strict=True):
                if gradient is not None:
                    gradients[tensor_id].append(gradient)
                uses[tensor_id] -= 1
                number = self.producer.get(tensor_id, WATCHED)
                if uses[tensor_id] == 0 and number != WATCHED:
                    missing[number] -= 1
                    if missing[number] == 0:
                        ready.append(number)
        return [_aggregate(gradients.get(source.id, [])) for source in sources]

    def _prepare(
        self, targets: Sequence[Tensor]
    ) -> tuple[dict[int, Record], Counter[int], Counter[int]]:
        """Find the records behind the targets, and count what each waits for.

        Returns the records; how often each tensor is an input of one of them; and how
        many outputs of each record still await gradients.
        """
        found: dict[int, Record] = {}
        stack = [target.id for target in targets]
        while stack:
            number = self.producer.get(stack.pop(), WATCHED)
            if number in self.records and number not in found:
                found[number] = self.records[number]
                stack.extend(found[number].inputs)
        uses = Counter(i for record in found.values() for i in record.inputs)
        missing = Counter(self.producer[i] for i in uses if i in self.producer)
        del missing[WATCHED]
        if not self.persistent:
            self.records.clear()
        return found, uses, missing

    def _seed(
        self,
        targets: Sequence[Tensor],
        wanted: set[int],
        output_gradients: Sequence[Tensor] | None,
    ) -> defaultdict[int, list[Tensor]]:
        """Give each target the gradient that the walk begins with, by default ones."""
        gradients: defaultdict[int, list[Tensor]] = defaultdict(list)
        if output_gradients is not None:
            for target, seed in zip(targets, output_gradients, strict=True):
                gradients[target.id].append(seed)
            return gradients
        for target in targets:
            made_by = self.producer.get(target.id, WATCHED)
            if made_by != WATCHED or target.id in wanted:
                gradients[target.id].append(_ones(target))
        return gradients

    def _call_backward(
        self,
        record: Record,
        gradients: defaultdict[int, list[Tensor]],
        wanted: set[int],
    ) -> Sequence[Gradient]:
        """Sum up what arrived at the outputs of a record, and call its backward."""
        upstream = [_aggregate(gradients.pop(o.id, [])) for o in record.outputs]
        if all(gradient is None for gradient in upstream):
            return [None] * len(record.inputs)
        for i, info in enumerate(record.outputs):
            if upstream[i] is None:
                upstream[i] = constant(np.zeros(info.shape, info.dtype))
            elif info.id in wanted:
                gradients[info.id].append(upstream[i])
        skip = [
            i
            for i, tensor_id in enumerate(record.inputs)
            if tensor_id not in self.producer and tensor_id not in wanted
        ]
        return record.backward(upstream, skip)


def _ones(target: Tensor) -> Tensor:
    if target.shape is None or None in target.shape:  # of a graph that is being built
        return op("OnesLike", target)
    return constant(np.ones(target.shape, target.dtype))


def _aggregate(gradients: Sequence[Tensor]) -> Gradient:
    """Add up the gradients that reached one tensor. TensorFlow: `_aggregate_grads`."""
    return aggregate(gradients) if gradients else None
