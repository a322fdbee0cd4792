"""`GradientTape`: the tape as a Python program sees it.

TensorFlow: tensorflow/python/eager/backprop.py.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from microtf import nest
from microtf.jacobian import compute_jacobian
from microtf.op import op
from microtf.record import open_tapes
from microtf.tape import Backward, Gradient, Record, Tape
from microtf.tensor import Tensor, convert_to_tensor


class GradientTape:
    """Record the ops of a `with` block, and differentiate them afterwards.

    >>> from microtf import constant
    >>> x = constant(3.0)
    >>> with GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = x * x
    >>> float(tape.gradient(y, x))
    6.0
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True):
        self._persistent = persistent
        self._watch_accessed_variables = watch_accessed_variables
        self._tape: Tape | None = None
        self._watched_variables: dict[int, Any] = {}

    def __enter__(self) -> GradientTape:
        if self in open_tapes():
            raise ValueError("Tape is still recording: expected to enter it only once")
        self._tape = self._tape or Tape(self._persistent)
        open_tapes().append(self)
        return self

    def __exit__(self, *exception: Any) -> None:
        if self in open_tapes():
            open_tapes().remove(self)

    @property
    def records(self) -> list[Record]:
        """The records on the tape, oldest first; none once it is used up."""
        return list(self._tape.records.values()) if self._tape else []

    def record(
        self,
        op_type: str,
        inputs: Sequence[Tensor],
        outputs: Sequence[Tensor],
        make_backward: Callable[[], Backward],
    ) -> None:
        """Put one op on the tape if it depends on something watched."""
        self._tape.record(op_type, inputs, outputs, make_backward)

    @property
    def persistent(self) -> bool:
        """Whether the tape can be asked more than once."""
        return self._persistent

    def should_record(self, tensors: Sequence[Tensor]) -> bool:
        """Whether an op on `tensors` depends on something watched."""
        return self._tape.should_record(tensors)

    def watch(self, tensor: Any) -> None:
        """Record what is computed from the tensors and variables in `tensor`."""
        for leaf in nest.flatten(tensor):
            if hasattr(leaf, "handle"):
                self._watched_variables[leaf.handle.id] = leaf
            elif not isinstance(leaf, Tensor):
                raise ValueError(
                    f"expected a Tensor or Variable to watch, got {leaf!r}"
                )
            self._tape.watch(_handle_or_self(leaf))

    def variable_accessed(self, variable: Any) -> None:
        """Watch a variable that is about to be read, if it is a trainable one."""
        if self._watch_accessed_variables and variable.trainable:
            self.watch(variable)

    def watched_variables(self) -> tuple[Any, ...]:
        """Return the variables that the tape watches, in the order of their making."""
        by_age = sorted(self._watched_variables)
        return tuple(self._watched_variables[handle_id] for handle_id in by_age)

    @contextlib.contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Hide what runs in the block from this tape."""
        if self not in open_tapes():
            raise RuntimeError(
                "Trying to stop recording a tape which is not recording: expected to "
                "be called inside the tape's block"
            )
        open_tapes().remove(self)
        try:
            yield
        finally:
            open_tapes().append(self)

    def reset(self) -> None:
        """Forget everything recorded and watched, and go on recording."""
        self._tape, self._watched_variables = Tape(self._persistent), {}

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: str = "none",
    ) -> Any:
        """Return the gradient of the sum of `target` with respect to `sources`.

        Both may be nested; the result has the structure of `sources`. Where no record
        leads from a target to a source, it is None, or zeros for "zero".
        """
        _check_arguments(target, unconnected_gradients)
        tape = self._release_tape()
        seeds = None
        if output_gradients is not None:
            seeds = [convert_to_tensor(g) for g in nest.flatten(output_gradients)]
        targets = [_handle_or_self(leaf) for leaf in nest.flatten(target)]
        flat_sources = [_handle_or_self(leaf) for leaf in nest.flatten(sources)]
        gradients = tape.compute_gradient(targets, flat_sources, seeds)
        if unconnected_gradients == "zero":
            gradients = _fill_with_zeros(gradients, nest.flatten(sources))
        return nest.pack_sequence_as(sources, gradients)

    def jacobian(
        self,
        target: Any,
        sources: Any,
        unconnected_gradients: str = "none",
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Differentiate each element of the tensor `target` by itself.

        Each result has the target's shape, followed by that of the source. With
        `experimental_use_pfor` one backward pass does for all elements; without, each
        has one of its own, and the tape has to be persistent.
        """
        if not (experimental_use_pfor or self._persistent):
            raise RuntimeError(
                "GradientTape must be created with persistent=True to compute the "
                "jacobian with experimental_use_pfor set to False"
            )
        flat = nest.flatten(sources)

        def row(seed: Tensor) -> list[Gradient]:
            return self.gradient(target, flat, seed, unconnected_gradients)

        rows = compute_jacobian(row, target, flat, experimental_use_pfor)
        return nest.pack_sequence_as(sources, rows)

    def _release_tape(self) -> Tape:
        """Hand out the tape, for the last time unless it is persistent."""
        tape = self._tape
        if tape is None:
            raise RuntimeError(
                "A non-persistent GradientTape can only be used to compute one set of "
                "gradients: expected persistent=True for a second call"
            )
        if not self._persistent:
            self.__exit__()
            self._tape = None
        return tape


def _handle_or_self(value: Any) -> Tensor:
    # A tape knows a variable by its handle: the value changes, the handle does not.
    return getattr(value, "handle", value)


def _check_arguments(target: Any, unconnected_gradients: str) -> None:
    if target is None:
        raise TypeError("expected tensors to differentiate as `target`, got None")
    if unconnected_gradients not in ("none", "zero"):
        raise ValueError(
            "Unknown value for unconnected_gradients: expected 'none' or 'zero', got "
            f"{unconnected_gradients!r}"
        )


def _fill_with_zeros(gradients: list[Gradient], sources: list[Any]) -> list[Tensor]:
    pairs = zip(gradients, sources, strict=True)
    return [op("ZerosLike", s) if g is None else g for g, s in pairs]
