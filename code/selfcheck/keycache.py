"""What programs answered, kept in the build folder until something changes."""

import functools
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from selfcheck.config import Config
from selfcheck.programs import Program


def versions(config: Config) -> dict[str, str]:
    """Return the versions of the preloaded modules, without importing them."""
    owners = _owners() if config.preload else {}
    found = {}
    for module in config.preload:
        for owner in owners.get(module, [])[:1]:
            found[module] = metadata.version(owner)
    return found


@functools.cache
def _owners() -> Mapping[str, list[str]]:
    """Return the distributions of each module: half a second of reading files."""
    return metadata.packages_distributions()


class Cache:
    """Executed values of a pool, each item under the hash of what made them."""

    def __init__(self, path: Path, config: Config) -> None:
        self._path = path
        self._salt = json.dumps([versions(config), config.env, 1], sort_keys=True)
        self._items: dict[str, Any] = {}
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            self._items = data["items"] if data.get("schema") == 1 else {}
        except (OSError, ValueError, KeyError, AttributeError):
            self._items = {}
        self._changed = False

    def _hash(self, found: Sequence[Program]) -> str:
        parts = [[p.variant, p.role, p.source, p.expression] for p in found]
        return hashlib.sha256((self._salt + json.dumps(parts)).encode()).hexdigest()

    def holds(self, name: str, found: Sequence[Program]) -> bool:
        """Say whether the item's answers are here and of these very programs."""
        if not found:
            return True
        kept = self._items.get(name)
        return bool(kept) and kept["hash"] == self._hash(found)

    def store(
        self, name: str, found: Sequence[Program], values: Mapping[Any, Any]
    ) -> None:
        """Keep an item's values by (variant, role)."""
        rows = [[*place, value] for place, value in values.items()]
        self._items[name] = {"hash": self._hash(found), "values": rows}
        self._changed = True

    def values(self, name: str) -> dict[tuple[int, str], Any]:
        """Return an item's values by (variant, role)."""
        rows = self._items.get(name, {}).get("values", [])
        return {(variant, role): value for variant, role, value in rows}

    def write(self) -> None:
        """Write the file, whole or not at all."""
        if not self._changed:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(f".{os.getpid()}.part")
        data = {"schema": 1, "items": self._items}
        part.write_text(json.dumps(data, indent=1), encoding="utf-8")
        part.replace(self._path)
