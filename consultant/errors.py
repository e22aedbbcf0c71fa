"""The errors that cross rooms: whether a failure is worth another try is all that a caller must know."""


class ConsultantError(Exception):
    """A failure with one sentence for a person: what was wrong, where, what was expected, what to do."""


class Transient(ConsultantError):
    """Worth another try later, unchanged: a lost connection, a 4xx reply, a database that restarts."""


class Permanent(ConsultantError):
    """Another try would fail alike; a person has to look: a 5xx reply, a letter that cannot be parsed."""
