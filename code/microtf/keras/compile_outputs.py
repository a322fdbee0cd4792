"""One argument of `compile` for several outputs: by name, by place, or for all.

Outputs are a tensor, a list, or a dictionary here; deeper structures are left out.
Keras: keras/src/trainers/compile_utils.py.
"""

from __future__ import annotations

from typing import Any

Names = list[str] | None


def in_order(structure: Any, names: Names) -> list[Any]:
    """Return the entries for all outputs, in the order of the outputs' names."""
    if isinstance(structure, dict):
        return [structure[name] for name in names or sorted(structure)]
    return list(structure) if isinstance(structure, list | tuple) else [structure]


def resolve_names(y_pred: Any, output_names: Names) -> Names:
    """Return the outputs' names: the model's, or the keys of what it returned."""
    if isinstance(y_pred, dict) and set(y_pred) != set(output_names or ()):
        return sorted(y_pred)
    return output_names


def one_for_each(argument: Any, names: Names, count: int, what: str) -> list[Any]:
    """Return an argument of `compile` as a list with an entry for each output."""
    if isinstance(argument, dict):
        unknown = set(argument) - set(names or ())
        if unknown:
            raise ValueError(
                f"expected `{what}` for outputs out of {names}, got {sorted(unknown)}"
            )
        return [argument.get(name) for name in names or ()]
    if isinstance(argument, list | tuple):
        if len(argument) != count:
            raise ValueError(
                f"expected {count} entries in `{what}`, got {len(argument)}"
            )
        return list(argument)
    return [argument] * count
