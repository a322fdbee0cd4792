"""Times as the progress file writes them: UTC, milliseconds, as JavaScript does.

Such texts sort by time, so the rules compare them as texts.
"""

from datetime import UTC, datetime, timedelta


def write(time: datetime) -> str:
    """Return a time as text, for instance `2026-03-01T00:00:00.000Z`."""
    utc = time.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> str:
    """Return the time of an event that happens now."""
    return write(datetime.now(UTC))


def is_stamp(text: object) -> bool:
    """Say whether `text` is a time in the form of this module."""
    try:
        return isinstance(text, str) and write(datetime.fromisoformat(text)) == text
    except ValueError:
        return False


def later(stamp: str, *, days: int = 0, minutes: int = 0) -> str:
    """Return the time that many days and minutes after `stamp`."""
    time = datetime.fromisoformat(stamp)
    return write(time + timedelta(days=days, minutes=minutes))
