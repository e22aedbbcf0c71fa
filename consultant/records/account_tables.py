"""The tables of accounts and processes: how each fares, its tokens, and mailboxes that nothing is sent to."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consultant.records.tables import Table


class AccountStatus(Table):
    """How each account fares: when it was last read, and what went wrong since."""

    __tablename__ = "account_status"

    account: Mapped[str] = mapped_column(String(80), primary_key=True)
    checked_at: Mapped[datetime | None]
    letter_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    error_at: Mapped[datetime | None]


class OAuthToken(Table):
    """The tokens of an account that logs in by OAuth 2, sealed, and whose turn it is to renew them."""

    __tablename__ = "oauth_token"

    account: Mapped[str] = mapped_column(String(80), primary_key=True)
    given_sha256: Mapped[str] = mapped_column(String(64))
    """Of the refresh token in the settings that these tokens came from; another one there begins anew."""
    sealed_refresh: Mapped[bytes | None]
    sealed_access: Mapped[bytes | None]
    access_until: Mapped[datetime | None]
    refresh_since: Mapped[datetime | None]
    """Since when the refresh token is held: as given in the settings, or as the server gave it in exchange."""
    error: Mapped[str | None] = mapped_column(Text)
    """Why the server gave no token at the last try; None while it does."""
    lease: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]


class Heartbeat(Table):
    """A sign of life of each process."""

    __tablename__ = "heartbeat"

    process: Mapped[str] = mapped_column(String(120), primary_key=True)
    """kind@host:pid"""
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class Suppressed(Table):
    """A mailbox that does not exist, as a bounce of ours told; nothing is sent to it until it writes again."""

    __tablename__ = "suppressed"

    mailbox: Mapped[str] = mapped_column(String(320), primary_key=True)
    """In lower case."""
    since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    """What its server said."""
