"""Prepare the garden once, in one place, however many processes ask for it."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from insidetf.data.source import DataUnavailableError, data_dir

try:
    import fcntl
except ImportError:  # not a POSIX system: two processes may draw the same pictures
    fcntl = None


def chosen(config: str) -> Any:
    """Return the configuration of the garden with a name.

    Raises:
        ValueError: when there is none.
    """
    from insidetf.data.garden_builder import CONFIGS

    if config not in CONFIGS:
        raise ValueError(f"config is {config!r}; expected one of {tuple(CONFIGS)}")
    return CONFIGS[config]


def prepared(config: str) -> Any:
    """Return the builder of a garden whose examples are on the disk.

    The first call draws them, the later ones find them. A second process that asks at
    the same time waits for the first.

    Raises:
        ValueError: when there is no such configuration.
        DataUnavailableError: when the folder of the data cannot be written.
    """
    from insidetf.data.garden_builder import Garden

    folder, name = data_dir(), chosen(config).name
    builder = Garden(data_dir=str(folder), config=name)
    if is_there(builder):
        return builder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f"garden-{name}.lock"), _quietly():
            builder = Garden(data_dir=str(folder), config=name)
            if not is_there(builder):
                builder.download_and_prepare()
    except OSError as error:
        ways = ["set INSIDETF_DATA to a folder that can be written, with 0.1 GB free"]
        wanted = f"a place in {folder} for the pictures of garden/{name}"
        raise DataUnavailableError(wanted, error, ways) from error
    return builder


def is_there(builder: Any) -> bool:
    """Tell whether a set is prepared, without the warning that TFDS logs when not."""
    return (builder.data_path / "dataset_info.json").exists() and builder.is_prepared()


def as_written() -> Any:
    """Return how examples are read: in their order, and cached by the reader alone."""
    import tensorflow_datasets as tfds

    return tfds.ReadConfig(try_autocache=False)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock, which the system takes back from a process that dies."""
    with path.open("w") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep TFDS from printing: there is nothing to download, and one line is enough."""
    import tensorflow_datasets as tfds

    bars = tfds.core.utils.tqdm_utils
    were_shown = bars._active
    tfds.disable_progress_bar()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        if were_shown:
            tfds.enable_progress_bar()
