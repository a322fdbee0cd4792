"""Forward mode: derivatives along one direction, computed while the program runs.

There is no table of forward rules. The gradient function of an op takes u to Jᵀu, which
is linear in u; its own derivative, taken by a tape, takes t to J t.

TensorFlow: tensorflow/python/eager/forwardprop.py, and `ForwardAccumulator` in
tensorflow/c/eager/tape.h (C++).
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from microtf import nest
from microtf.backprop import GradientTape as GradientTape
from microtf.op import op
from microtf.record import open_tapes
from microtf.tape import Backward, Gradient, is_trainable
from microtf.tensor import Tensor, convert_to_tensor


class ForwardAccumulator:
    """Carry a tangent beside every tensor that is computed from `primals`.

    It stands among the open tapes, in the order in which the blocks were entered, and
    is told of the same ops.

    >>> from microtf import constant
    >>> x = constant([1.0, 2.0])
    >>> with ForwardAccumulator(x, constant([1.0, 0.0])) as accumulator:
    ...     y = x * x
    >>> accumulator.jvp(y).numpy()
    array([2., 0.], dtype=float32)
    """

    def __init__(self, primals: Any, tangents: Any):
        self._tangents: dict[int, Tensor] = {}
        flat = nest.flatten(primals)
        for primal, tangent in zip(flat, nest.flatten(tangents), strict=True):
            tensor = _handle_or_self(primal)
            if tensor.id in self._tangents:
                raise ValueError(
                    "expected each primal once, got one a second time; sum its tangents"
                )
            self._keep(tensor, convert_to_tensor(tangent, dtype_hint=primal.dtype))

    @property
    def persistent(self) -> bool:
        """Whether more than one gradient may be asked for: a tangent takes two."""
        return True

    def should_record(self, inputs: Sequence[Tensor]) -> bool:
        """Whether an input of an op has a tangent, and a type that has derivatives."""
        return any(t.id in self._tangents and is_trainable(t.dtype) for t in inputs)

    def __enter__(self) -> ForwardAccumulator:
        if self in open_tapes():
            raise ValueError(
                "Accumulator is already recording: expected to enter it only once"
            )
        open_tapes().append(self)
        return self

    def __exit__(self, *exception: Any) -> None:
        open_tapes().remove(self)

    def record(
        self,
        op_type: str,
        inputs: Sequence[Tensor],
        outputs: Sequence[Tensor],
        make_backward: Callable[[], Backward],
    ) -> None:
        """Compute the tangents of an op that just ran, if an input has one.

        TensorFlow: `Accumulate`.
        """
        if not self.should_record(inputs):
            return
        tangents = [self._tangents.get(tensor.id) for tensor in inputs]
        with self._unseen():
            results = push_forward(make_backward(), outputs, tangents)
        for output, tangent in zip(outputs, results, strict=True):
            # A forged record has the output of an op that had its turn: the first wins.
            if tangent is not None and output.id not in self._tangents:
                self._keep(output, tangent)

    def variable_accessed(self, variable: Any) -> None:
        """Do nothing: which variables have a tangent was settled at the beginning."""

    def jvp(self, primals: Any, unconnected_gradients: str = "none") -> Any:
        """Look up the tangents of the tensors in `primals`; nothing is computed here.

        Where there is none the answer is None, or zeros for "zero".
        """

        def look_up(primal: Any) -> Gradient:
            found = self._tangents.get(_handle_or_self(primal).id)
            if found is None and unconnected_gradients == "zero":
                return op("ZerosLike", primal)
            return found

        flat = [look_up(primal) for primal in nest.flatten(primals)]
        return nest.pack_sequence_as(primals, flat)

    def _keep(self, tensor: Tensor, tangent: Tensor) -> None:
        """Remember a tangent for as long as its tensor lives."""
        self._tangents[tensor.id] = tangent
        weakref.finalize(tensor, self._tangents.pop, tensor.id, None)

    @contextlib.contextmanager
    def _unseen(self) -> Iterator[None]:
        """Hide what runs in the block from this accumulator and all that it encloses.

        Accumulators and tapes further out do see it, and can differentiate it.
        """
        tapes = open_tapes()
        inner = tapes[tapes.index(self) :]
        del tapes[tapes.index(self) :]
        try:
            yield
        finally:
            tapes.extend(inner)


def push_forward(
    backward: Backward, outputs: Sequence[Tensor], tangents: Sequence[Gradient]
) -> list[Gradient]:
    """Return the tangents of an op's outputs, given those of its inputs.

    `backward` is the op's backward function, u -> Jᵀu. It is run at a u of ones, where
    any other value would do; what counts is its record, whose derivative is J.
    TensorFlow: `_jvp_helper`, and `ForwardpropFromTape` (C++).
    """
    with GradientTape() as transpose_tape:
        aids = [op("OnesLike", output) for output in outputs]
        transpose_tape.watch(aids)
        gradients = backward(aids, ())
        targets, seeds = [], []
        for gradient, tangent in zip(gradients, tangents, strict=True):
            if gradient is not None and tangent is not None:
                targets.append(convert_to_tensor(gradient))
                seeds.append(tangent)
    if not targets:
        return [None] * len(outputs)
    return transpose_tape.gradient(targets, aids, output_gradients=seeds)


def _handle_or_self(value: Any) -> Tensor:
    return getattr(value, "handle", value)
