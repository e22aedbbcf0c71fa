"""The name of a release follows from what was compiled into it, so that the same content has the same name."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.layout import FORMAT
from knowledge.official_model import SourceEdition


def version_of(sources: Iterable[SourceEdition]) -> str:
    """Return a version such as 2026.4+sha256:0123456789ab.

    The year and quarter are those in which curated content was last reviewed; the digest is over every source with
    its dates, its note and the checksum of its rows, in whatever order the sources are given.
    """
    held = list(sources)
    reviewed = max((row.effective for row in held if row.kind == "content" and row.effective), default=None)
    named = f"{reviewed.year}.{(reviewed.month + 2) // 3}" if reviewed else "0"
    return f"{named}+sha256:{digest_of([FORMAT, *sorted(map(plain, held))])[:12]}"


def plain(source: SourceEdition) -> list[str]:
    """Return a source as texts, dates in ISO 8601 and empty where there is none."""
    return [
        source.kind,
        source.edition,
        iso(source.effective) or "",
        iso(source.ended) or "",
        str(source.rows),
        source.sha256,
        source.note,
        "partial" if source.partial else "whole",
        source.setting,
        "dated" if source.dated else "undated",
    ]


def digest_of(rows: Any) -> str:
    """Return the SHA-256 of values that JSON can write, in hexadecimal."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def iso(day: date | None) -> str | None:
    """Return a date as a column of a release holds it."""
    return day.isoformat() if day else None
