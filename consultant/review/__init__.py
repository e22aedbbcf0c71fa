"""What a reviewer does with a case: claim, edit, check, preview, approve, send back, close, open the sealed original.

Every call is guarded by the state and the lease that were seen, so that of two reviewers the second gets an answer,
never the other's work. Each writes its audit row in the same transaction.
"""

from consultant.review.approving import ChecksFailed, Preview, Unread, approve, checks, preview, save
from consultant.review.claims import (
    NoteMissing,
    claim,
    close,
    extend,
    read,
    release,
    resume,
    send_back,
    take_over,
    undo,
    withdraw,
)
from consultant.review.held import HeldBy, NotYours
from consultant.review.originals import Purged, attachment, attachment_names, raw, reveal
from consultant.review.quarantine import NotReadable, quarantine_accept, quarantine_join, quarantine_retry
from consultant.review.rearranging import Merger, NotMovable, find_merger, merge, open_references, split

__all__ = [
    "ChecksFailed",
    "HeldBy",
    "Merger",
    "NotMovable",
    "NotReadable",
    "NotYours",
    "NoteMissing",
    "Preview",
    "Purged",
    "Unread",
    "approve",
    "attachment",
    "attachment_names",
    "checks",
    "claim",
    "close",
    "extend",
    "find_merger",
    "merge",
    "open_references",
    "preview",
    "quarantine_accept",
    "quarantine_join",
    "quarantine_retry",
    "raw",
    "read",
    "release",
    "resume",
    "reveal",
    "save",
    "send_back",
    "split",
    "take_over",
    "undo",
    "withdraw",
]
