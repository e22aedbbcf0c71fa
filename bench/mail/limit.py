"""The limit of intake: the tightest loop that fetches, parses and stores durably, and does nothing else.

It fetches batches of 50 with IMAPClient, parses each letter with the standard library's compat32 policy, and writes
each batch in one durable transaction. It keeps no digest, seals nothing, asks nothing first, and rings nobody.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.policy import compat32
from pathlib import Path

import psycopg

from bench.mail.mailboxes import client
from bench.mail.town import Kind, Town

BATCH = 50
_TABLE = "CREATE TABLE letter (uid BIGINT PRIMARY KEY, message_id TEXT, sender TEXT, subject TEXT, raw {bytes})"
Row = tuple[int, str, str, str, bytes]
Write = Callable[[Sequence[Row]], None]


def fetched(town: Town, user: str) -> float:
    """Return letters a second of fetching alone."""
    return _loop(town, user, None)


def stored(town: Town, user: str, kind: Kind, folder: Path) -> float:
    """Return letters a second of fetching, parsing and storing."""
    if kind == "sqlite":
        path = folder / f"{user}.sqlite"
        with sqlite3.connect(path, isolation_level=None) as file:
            for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _TABLE.format(bytes="BLOB")):
                file.execute(statement)

            def write(rows: Sequence[Row]) -> None:
                file.execute("BEGIN IMMEDIATE")
                file.executemany("INSERT INTO letter VALUES (?, ?, ?, ?, ?)", rows)
                file.execute("COMMIT")

            rate = _loop(town, user, write)
        file.close()
        path.unlink()
        return rate
    town.settle()
    with psycopg.connect(town.dsn(town.database())) as connection:
        connection.execute(_TABLE.format(bytes="BYTEA"))
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        connection.commit()

        def write(rows: Sequence[Row]) -> None:
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO letter VALUES (%s, %s, %s, %s, %s)", rows)
            connection.commit()

        return _loop(town, user, write)


def _loop(town: Town, user: str, write: Write | None) -> float:
    with client(town.imap, user) as opened:
        began = time.perf_counter()
        opened.select_folder("INBOX", readonly=True)
        uids = opened.search("ALL")
        for start in range(0, len(uids), BATCH):
            answers = opened.fetch(uids[start : start + BATCH], ["BODY.PEEK[]"])
            if write is not None:
                write([_row(uid, answer[b"BODY[]"]) for uid, answer in answers.items()])
        return len(uids) / (time.perf_counter() - began)


def _row(uid: int, raw: bytes) -> Row:
    parsed = message_from_bytes(raw, policy=compat32)
    return uid, str(parsed["Message-ID"]), str(parsed["From"]), str(parsed["Subject"]), raw
