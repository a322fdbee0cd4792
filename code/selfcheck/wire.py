"""Messages between the processes of the grader: JSON, with the length in front."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
from typing import Any

_LENGTH = 8
_LARGEST = 64 * 2**20


def send(to: socket.socket, message: dict[str, Any]) -> None:
    """Send one message over a socket."""
    body = json.dumps(message).encode()
    to.sendall(len(body).to_bytes(_LENGTH, "big") + body)


def receive(source: socket.socket) -> dict[str, Any] | None:
    """The next message of a socket; None when the other side has gone."""
    head = _exactly(source, _LENGTH)
    if head is None:
        return None
    size = int.from_bytes(head, "big")
    if size > _LARGEST:
        return None
    body = _exactly(source, size)
    return None if body is None else json.loads(body)


def _exactly(source: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        try:
            part = source.recv(size - len(data))
        except ConnectionError:
            return None
        if not part:
            return None
        data += part
    return bytes(data)


class Report:
    """What a worker tells its supervisor, sealed by a nonce it reads at the end.

    The messages leave the process at once, so that nothing that runs later can take
    one back. The seal is a keyed hash over all bytes this object has written: a
    message that somebody else wrote between them makes the seal wrong, and a program
    that ends early leaves no seal at all.
    """

    def __init__(self, channel: int) -> None:
        self._channel = channel
        self._hash = hashlib.sha256()
        self._write = os.write

    def send(self, **message: Any) -> None:
        """Write one message; raises OSError when the channel has been closed."""
        line = json.dumps(message).encode() + b"\n"
        self._hash.update(line)
        self._put(line)

    def seal(self, nonce: bytes) -> None:
        """Close the report: after this nothing is believed."""
        digest = hmac.new(nonce, self._hash.digest(), "sha256").hexdigest()
        self._put(json.dumps({"seal": digest}).encode() + b"\n")

    def _put(self, line: bytes) -> None:
        while line:
            line = line[self._write(self._channel, line) :]


def read_report(data: bytes, nonce: bytes) -> tuple[list[dict[str, Any]], bool]:
    """The messages of a report, and whether its seal holds.

    Without a valid seal the messages are what can be read of them: good for telling
    how far a program came, never for saying that it is right.
    """
    body, _, last = data.removesuffix(b"\n").rpartition(b"\n")
    body = body + b"\n" if body else b""
    wanted = hmac.new(nonce, hashlib.sha256(body).digest(), "sha256").hexdigest()
    last_message = _message(last)
    sealed = data.endswith(b"\n") and hmac.compare_digest(
        str((last_message or {}).get("seal", "")).encode(), wanted.encode()
    )
    lines = body.splitlines() if sealed else data.splitlines()
    found = [message for line in lines if (message := _message(line)) is not None]
    return found, sealed


def _message(line: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None
