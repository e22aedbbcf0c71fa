"""The tables of the case store. Every time is UTC; text columns hold masked text only; sealed columns hold the rest."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, on databases that keep the zone and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored; give it in UTC.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the library's signature
        """Return UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only in a column of the type INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


class Table(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        bytes: LargeBinary(),
        int: Id,
    }


class Letter(Table):
    """The ledger of letters, in and never out: raw bytes sealed, a verdict once screened, never a deletion."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_due", "verdict", "next_try_at"),
        Index("ix_letter_case", "case_id", "id"),
        Index("ix_letter_content", "content_sha256"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes | None]
    """None once retention purged it."""
    size: Mapped[int]
    account: Mapped[str] = mapped_column(String(80))
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(16))
    rule: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(Text)
    screened_at: Mapped[datetime | None]
    message_id: Mapped[str | None] = mapped_column(String(998))
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    """Over Message-ID, sender, date, subject and text: the same letter by another way has the same."""
    sender: Mapped[str | None] = mapped_column(String(320))
    subject: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    new_text: Mapped[str | None] = mapped_column(Text)
    masked: Mapped[list[str]] = mapped_column(default=list)
    defects: Mapped[list[str]] = mapped_column(default=list)
    doubt: Mapped[str | None] = mapped_column(Text)
    """Why the sender is doubtful, in words; None when nothing speaks against him."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    about_case_id: Mapped[int | None]
    """The case that a letter in quarantine says it follows up."""
    copied: Mapped[list[str] | None]
    """Whom the sender named in To and Cc besides us, lower case: they belong to the case if the sender does."""
    replied: Mapped[str | None] = mapped_column(String(8))
    """answer or question: which letter of ours took this one in and was sent; None while it waits for one."""


class Position(Table):
    """Where a letter lies on a server: a UID means nothing without its UIDVALIDITY (RFC 9051, 2.3.1.1)."""

    __tablename__ = "position"
    __table_args__ = (UniqueConstraint("account", "folder", "uidvalidity", "uid"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(80))
    folder: Mapped[str] = mapped_column(String(255))
    uidvalidity: Mapped[int]
    uid: Mapped[int]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)


class Attachment(Table):
    """One attachment of a letter, sealed, under an id of our own."""

    __tablename__ = "attachment"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes | None]
    sealed_name: Mapped[bytes | None]
    """File names carry patients' names, so they are sealed as well."""
    content_type: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]


class Case(Table):
    """One question on its way. Its state says what is due; `lifecycle` says where it may go."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_due", "state", "next_try_at"),
        Index("ix_case_queue", "state", "due_at"),
        Index("ix_case_merged", "merged_into"),
        Index("ix_case_split", "split_from"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str | None] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    account: Mapped[str] = mapped_column(String(80))
    asker: Mapped[str] = mapped_column(String(320), index=True)
    subject: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """When the asker should have an answer."""
    closed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("reviewer.id"))
    """Who holds the case while it is in review."""
    unread: Mapped[bool] = mapped_column(default=False)
    hold_reason: Mapped[str | None] = mapped_column(Text)
    question: Mapped[dict[str, Any] | None]
    evidence: Mapped[dict[str, Any] | None]
    release: Mapped[str | None] = mapped_column(String(120))
    outcome: Mapped[str | None] = mapped_column(String(16))
    topics: Mapped[list[str]] = mapped_column(default=list)
    specialty: Mapped[str | None] = mapped_column(String(80))
    confidence: Mapped[float | None]
    merged_into: Mapped[int | None]
    """The case that this one's letters were moved to; replies to either's ids join that one."""
    split_from: Mapped[int | None]
    """The case that this one's first letter was taken out of."""


class Draft(Table):
    """One version of the answer to a case: the engine's, or a reviewer's edit of it. Never changed once written."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("case_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]
    written_at: Mapped[datetime]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("reviewer.id"))
    """None for the engine."""
    outcome: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]]
    """The engine's draft (docs/answers.md) that this text came from."""
    letter_id: Mapped[int]
    """The last letter of the thread that this draft has taken in."""


class Review(Table):
    """What a reviewer decided, with the reason. An approval binds the bytes and their recipients."""

    __tablename__ = "review"
    __table_args__ = (Index("ix_review_case", "case_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("reviewer.id"))
    decided_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    override: Mapped[str] = mapped_column(Text, default="")
    """Why failing checks were overridden; empty when none failed."""
    failed_checks: Mapped[list[str]] = mapped_column(default=list)
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Over the rendered MIME and its recipients."""


class Outbox(Table):
    """A letter to send. Bytes, recipients and ids are fixed when the row is written and never rebuilt."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "next_try_at"),
        Index("ix_outbox_case", "case_id", "id"),
        Index("ix_outbox_sent", "account", "sent_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))
    account: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    """acknowledgement, answer, question, hand_over."""
    state: Mapped[str] = mapped_column(String(12))
    """queued, sending, at_dot, uncertain, sent, failed, void."""
    written_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    searches: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    delivery_id: Mapped[str] = mapped_column(String(64), unique=True)
    envelope_sender: Mapped[str] = mapped_column(String(320))
    sealed: Mapped[bytes | None]
    sha256: Mapped[str] = mapped_column(String(64))
    reply: Mapped[str | None] = mapped_column(Text)
    """What the server said last, or what went wrong, in words."""
    sent_at: Mapped[datetime | None]


class Recipient(Table):
    """One recipient of a letter in the outbox; each has a state of its own."""

    __tablename__ = "recipient"
    __table_args__ = (UniqueConstraint("outbox_id", "mailbox"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    mailbox: Mapped[str] = mapped_column(String(320), index=True)
    state: Mapped[str] = mapped_column(String(12), default="queued")
    """queued, sent, refused, bounced."""
    reply: Mapped[str | None] = mapped_column(Text)


class Reviewer(Table):
    """A person who may log in at the desk."""

    __tablename__ = "reviewer"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    credential: Mapped[str] = mapped_column(String(40), default="")
    password_hash: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Session(Table):
    """A login: the browser holds a random token, the table its digest."""

    __tablename__ = "session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("reviewer.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Audit(Table):
    """Who saw or did what. Append-only: each row's hash covers the one before."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_case", "case_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None]
    detail: Mapped[str] = mapped_column(Text, default="")
    hash: Mapped[str] = mapped_column(String(64), unique=True)
