"""The tables of precedents: what an approval leaves behind so that its answer is found again."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consultant.records.tables import Table


class Precedent(Table):
    """The answer of a case that was approved last, with the masked question that it answered."""

    __tablename__ = "precedent"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), unique=True)
    question: Mapped[dict[str, Any]]
    """As it was read when the answer was approved; a later letter changes the case's own."""
    families: Mapped[list[str]]


class PrecedentKey(Table):
    """A code, modifier or family that a precedent is found by."""

    __tablename__ = "precedent_key"
    # The newest few of a key are read from the index alone, so a look costs the same with 100,000 cases.
    __table_args__ = (Index("ix_precedent_key_newest", "key", "review_id", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("precedent.case_id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    review_id: Mapped[int]
