"""A looking glass for AutoGraph: what each of its passes makes of a function.

Like `insidetf.lens`, this touches TensorFlow's private API.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable
from typing import Any
from unittest import mock

from tensorflow.python.autograph import converters
from tensorflow.python.autograph.core import converter
from tensorflow.python.autograph.impl import api
from tensorflow.python.autograph.pyct import parser


class Code(str):
    """Source code, shown as it is."""

    def __repr__(self) -> str:
        return str(self)


def conversion_stages(
    function: Callable[..., Any], all_features: bool = False
) -> dict[str, Code]:
    """Return the code of a function after each pass of TensorFlow's AutoGraph.

    The passes are those that `tf.function` has run; `all_features` adds those that it
    runs on demand (`tf.autograph.experimental.Feature.ALL`). The first entry, "source",
    is the code as it came; the others have the names of the passes, in the order in
    which they ran. TensorFlow: `PyToTF.transform_ast` in
    tensorflow/python/autograph/impl/api.py.
    """
    stages: dict[str, Code] = {}
    features = converter.Feature.ALL if all_features else ()
    options = converter.ConversionOptions(
        user_requested=True, optional_features=features
    )
    with contextlib.ExitStack() as patches:
        for name in _converters():
            module = importlib.import_module(f"{converters.__name__}.{name}")
            run = _noting(name, module.transform, stages)
            patches.enter_context(mock.patch.object(module, "transform", run))
        api.PyToTF().transform(function, converter.ProgramContext(options))
    return stages


def _converters() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(converters.__path__)]


def _noting(name: str, transform: Callable, stages: dict[str, Code]) -> Callable:
    def run(node: Any, context: Any) -> Any:
        stages.setdefault("source", _code(node))
        result = transform(node, context)
        stages[name] = _code(result)
        return result

    return run


def _code(node: Any) -> Code:
    text = parser.unparse(node, include_encoding_marker=False)
    return Code(textwrap.dedent(text).strip("\n"))


def body_of(code: str) -> Code:
    """Return what is inside of the scope that AutoGraph puts around a body."""
    lines = code.splitlines()
    start = next((n for n, line in enumerate(lines) if "FunctionScope" in line), 0)
    return Code(textwrap.dedent("\n".join(lines[start + 1 :])))


def source_lines(function: Callable[..., Any]) -> list[tuple[str, int | None]]:
    """Return each line of the converted function, and the line that it comes from.

    Lines are numbered as in the file of `function`; None where there is no entry.
    TensorFlow: the `ag_source_map` of a converted function, made by `create_source_map`
    in tensorflow/python/autograph/pyct/origin_info.py.
    """
    converted = api.to_graph(function)
    origins = {
        generated.lineno: origin.loc.lineno
        for generated, origin in converted.ag_source_map.items()
    }
    lines, first = inspect.getsourcelines(converted)
    return [
        (line.rstrip(), origins.get(number)) for number, line in enumerate(lines, first)
    ]
