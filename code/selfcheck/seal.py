"""Seal a text, so that the source of a page and its search give nothing away.

This is obfuscation and no more: the salt and the recipe are in the page, and who
wants to open a seal can. It keeps keys from those who would rather not see them.
"""

import base64

from selfcheck.sampler import h53

_BLOCK = 6  # bytes that one hash gives: the low 48 of its 53 bits


def _keystream(size: int, salt: str, label: str) -> bytes:
    blocks = -(-size // _BLOCK)
    stream = b"".join(
        (h53(f"{salt}|{label}|{i}") % 2**48).to_bytes(_BLOCK, "little")
        for i in range(blocks)
    )
    return stream[:size]


def _mask(data: bytes, salt: str, label: str) -> bytes:
    stream = _keystream(len(data), salt, label)
    return bytes(a ^ b for a, b in zip(data, stream, strict=True))


def seal(text: str, salt: str, label: str) -> str:
    """Return `text` masked by a keystream of `salt` and `label`, in base64.

    >>> unseal(seal("None", "5a17", "tape-x|0|key"), "5a17", "tape-x|0|key")
    'None'
    """
    return base64.b64encode(_mask(text.encode("utf-8"), salt, label)).decode("ascii")


def unseal(blob: str, salt: str, label: str) -> str:
    """Return the text that `seal` masked with the same salt and label.

    Raises ValueError when the blob is no base64 or the label is another one's.
    """
    return _mask(base64.b64decode(blob, validate=True), salt, label).decode("utf-8")


def label(item: str, variant: int, field: str) -> str:
    """Return the label of a blob; `field` is key, why, option.<j>, or trap.<j>."""
    return f"{item}|{variant}|{field}"
