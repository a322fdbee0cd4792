"""Draw a quiz from a pool: a pure function of the pool, a seed, and what was seen.

There is no generator with hidden state. Every decision is a sort by a 53-bit hash,
so the page (TypeScript), the notebook, and the terminal draw the same quiz, and an
item added to a pool never reorders the others. The TypeScript twin is held to this
module by the golden vectors.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]
STRATA = ("choice", "multiple", "output", "short", "code")
_MASK = 0xFFFFFFFF


class PoolTooSmallError(ValueError):
    """A stratum holds fewer families than the quiz draws from it."""


def h53(text: str, seed: int = 0) -> int:
    """Hash `text` to an integer in [0, 2**53): cyrb53 over its UTF-8 bytes.

    Only the low 32 bits of `seed` count, as in JavaScript's integer operators.

    >>> h53("tape")
    7828282264830817
    """
    h1 = (0xDEADBEEF ^ seed) & _MASK
    h2 = (0x41C6CE57 ^ seed) & _MASK
    for byte in text.encode("utf-8"):
        h1 = ((h1 ^ byte) * 2654435761) & _MASK
        h2 = ((h2 ^ byte) * 1597334677) & _MASK
    h1 = ((h1 ^ h1 >> 16) * 2246822507 & _MASK) ^ ((h2 ^ h2 >> 13) * 3266489909 & _MASK)
    h2 = ((h2 ^ h2 >> 16) * 2246822507 & _MASK) ^ ((h1 ^ h1 >> 13) * 3266489909 & _MASK)
    return (h2 & 0x1FFFFF) * 2**32 + h1


def sample(
    items: Sequence[Item],
    draw: Mapping[str, int],
    seed: str,
    seen: Mapping[str, int],
    retired: Collection[str] = (),
) -> list[str]:
    """Draw the ids of one attempt, in the order in which they are asked.

    `items` are mappings with `id`, `stratum`, and `family`; `draw` says how many
    items each stratum gives. Items seen least come first, a hash of the seed
    decides between equals, and a family gives one item at most. Retired items are
    the last resort: they come when a stratum would be too small without them.

    Raises PoolTooSmallError when a stratum cannot give what `draw` asks.
    """
    start = h53(seed)
    drawn: list[str] = []
    families: set[str] = set()
    for stratum in STRATA:
        wanted = draw.get(stratum, 0)
        candidates = [item for item in items if item["stratum"] == stratum]
        taken = 0
        for item in in_order(candidates, start, seen, retired):
            if taken < wanted and item["family"] not in families:
                families.add(item["family"])
                drawn.append(item["id"])
                taken += 1
        if taken < wanted:
            raise PoolTooSmallError(
                f"expected {wanted} items of different families in stratum "
                f"'{stratum}', found {taken}: write more items or draw fewer"
            )
    return sorted(drawn, key=lambda name: (h53("order|" + name, start), name))


def in_order(
    items: Iterable[Item],
    start: int,
    seen: Mapping[str, int],
    retired: Collection[str] = (),
) -> list[Item]:
    """Return items in the order of preference: not retired, least seen, by hash.

    `start` is the hash of a seed.
    """
    return sorted(
        items,
        key=lambda item: (
            item["id"] in retired,
            seen.get(item["id"], 0),
            h53(item["id"], start),
            item["id"],
        ),
    )


def variant(item_id: str, count: int, seed: str) -> int:
    """Choose one of `count` variants of an item: an integer in [0, count)."""
    return h53("variant|" + item_id, h53(seed)) % count


def option_order(item_id: str, n: int, seed: str) -> list[int]:
    """Return the order in which an item's `n` options are shown, as indices."""
    start = h53(seed)
    return sorted(range(n), key=lambda j: (h53(f"option|{item_id}|{j}", start), j))
