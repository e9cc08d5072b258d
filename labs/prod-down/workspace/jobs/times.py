"""The times of events."""

import time
from calendar import timegm as seconds

FORMAT = "%Y-%m-%dT%H:%M:%S"


def millis(text: str) -> int:
    """Milliseconds since 1970 of what stands in an events file."""
    return 1000 * int(seconds(time.strptime(text, FORMAT)))
