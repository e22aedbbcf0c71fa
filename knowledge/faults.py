"""What can be wrong with a release on disk: it is missing, damaged, or of a format that this program does not read."""


class ReleaseMissing(Exception):
    """There is no release where one was expected."""


class ReleaseDamaged(Exception):
    """A release is there and cannot be read as it was written."""


class OtherFormat(ReleaseDamaged):
    """A release was built by another version of this program, in a format that this one does not read."""


MEND = "build it anew with `consultant knowledge build`"
"""What to do about every one of them."""
