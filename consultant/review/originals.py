"""Opening what is sealed: the original letter, its raw bytes, an attachment. Each opening is an audit row."""

from consultant.errors import Permanent
from consultant.mail.letter import Letter
from consultant.parts import Parts
from consultant.privacy.vault import context_from_digest
from consultant.records import ledger, views
from consultant.records.people import Person
from consultant.review.held import write_audit

ATTACHMENT_NAME = b"attachment-name"


class Purged(Permanent):
    """The original is not there: no such letter, or retention has removed its bytes."""


def raw(parts: Parts, letter_id: int, person: Person) -> bytes:
    """Return the letter as it came, to the byte."""
    return _opened(parts, letter_id, person, "download original")


def reveal(parts: Parts, letter_id: int, person: Person) -> Letter:
    """Return the letter without masks; raises `Unparseable` for one that cannot be read."""
    return parts.read(_opened(parts, letter_id, person, "reveal"))


def attachment(parts: Parts, attachment_id: int, person: Person) -> tuple[str, bytes]:
    """Return the name that the sender gave an attachment, and its content."""
    now = parts.now()
    with parts.store.begin() as tx:
        found = views.attachment(tx, attachment_id)
        if found is None or found[1] is None:
            raise Purged(f"There is no attachment {attachment_id}, or it was purged.")
        row, sealed, case_id = found[0], found[1], found[2]
        write_audit(tx, person, "download attachment", case_id, now, f"attachment {attachment_id}")
    name = parts.vault.open(row.sealed_name, ATTACHMENT_NAME).decode() if row.sealed_name else "attachment"
    return name, parts.vault.open(sealed, context_from_digest("attachment", row.sha256))


def attachment_names(parts: Parts, letter: views.LetterRow) -> tuple[str, ...]:
    """Return the names of a letter's attachments, in order; only for pages that show the revealed original."""
    return tuple(
        parts.vault.open(row.sealed_name, ATTACHMENT_NAME).decode() if row.sealed_name else "attachment"
        for row in letter.attachments
    )


def _opened(parts: Parts, letter_id: int, person: Person, action: str) -> bytes:
    now = parts.now()
    with parts.store.begin() as tx:
        found = ledger.raw(tx, letter_id)
        letter = views.letter(tx, letter_id)
        if found is None or letter is None:
            raise Purged(f"There is no letter {letter_id}, or its original was purged.")
        # The row is committed before a byte is shown, so that nothing is seen that was not recorded.
        write_audit(tx, person, action, letter.case_id, now, f"letter {letter_id}")
    sha256, sealed = found
    return parts.vault.open(sealed, context_from_digest("letter", sha256))
