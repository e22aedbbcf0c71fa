"""The correspondence of a case in the order of time: the asker's letters, masked, and ours as they went out."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime

from consultant.errors import ConsultantError
from consultant.privacy.vault import Vault, context_from_digest
from consultant.questions.model import Question
from consultant.records import outgoing, threads, views
from consultant.records.outgoing import OutboxNow
from consultant.records.store import Tx
from consultant.records.views import AttachmentRow, LetterRow
from consultant.web.highlight import Stretch, marks, stretches


@dataclass(frozen=True, slots=True)
class Inbound:
    """A letter of the asker."""

    letter: LetterRow
    subject: tuple[Stretch, ...]
    """Its subject, cut likewise."""
    new: tuple[Stretch, ...]
    """What is new in it, cut at what was read from it."""
    folded: bool
    """Whether the full text says more than the new one."""
    unread: bool
    attachments: tuple[AttachmentRow, ...]
    ours: bool = False

    @property
    def at(self) -> datetime:
        """When it came."""
        return self.letter.received_at


@dataclass(frozen=True, slots=True)
class Ours:
    """A letter of the desk."""

    row: OutboxNow
    subject: str
    text: str
    """Its plain text; empty when it was purged or does not open."""
    recipients: tuple[tuple[str, str, str | None], ...]
    """Mailbox, state, and what the server said of it."""
    ours: bool = True

    @property
    def at(self) -> datetime:
        """When it was sent, or written as long as it was not."""
        return self.row.sent_at or self.row.written_at


def correspondence(
    tx: Tx, case_id: int, vault: Vault, question: Question | None, taken_in: int, *, unread: bool
) -> tuple[Inbound | Ours, ...]:
    """Return every letter of a case by time; `taken_in` is the last letter that the draft knows of."""
    found = marks(question) if question else ()
    inbound = [
        Inbound(
            letter=letter,
            subject=stretches(letter.subject, question, found) if letter.subject else (),
            new=stretches(letter.new_text or letter.text, question, found),
            folded=bool(letter.new_text) and letter.text.strip() != letter.new_text.strip(),
            unread=unread and letter.id > taken_in,
            attachments=letter.attachments,
        )
        for letter in views.letters(tx, case_id)
    ]
    sent_in = (case_id, *(each.id for each in threads.merged(tx, case_id)))
    ours = [_ours(tx, row, vault) for number in sent_in for row in outgoing.of_case(tx, number)]
    return tuple(sorted([*inbound, *ours], key=lambda entry: entry.at))


def _ours(tx: Tx, row: OutboxNow, vault: Vault) -> Ours:
    recipients = outgoing.recipients_of(tx, row.id)
    try:
        raw = vault.open(row.sealed, context_from_digest("outbox", row.sha256)) if row.sealed else b""
    except ConsultantError:
        raw = b""
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    body = letter.get_body(("plain",)) if raw else None
    text = str(body.get_content()).replace("\r\n", "\n").strip() if body else ""
    return Ours(row, str(letter.get("subject", "")), text, recipients)
