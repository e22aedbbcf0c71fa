"""The lines of a letter's text, each with what it is known to be before any words of it are read."""

from enum import Enum


class Mark(Enum):
    """What a line is known to be; NEW where nothing is known."""

    NEW = "new"
    QUOTED = "quoted"
    SIGNATURE = "signature"


Line = tuple[str, Mark]
