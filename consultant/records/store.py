"""The case store: one engine, short transactions, and a refusal to run on less than durable settings.

SQLite runs WAL with `synchronous=FULL`, PostgreSQL with `synchronous_commit` and `fsync` on; `Store.check`
refuses weaker, because a letter that was acknowledged must survive a power cut.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from consultant.errors import ConsultantError, Permanent, Transient
from consultant.records import schema

Tx = Session
"""An open transaction, to be handed to the functions of `records` and to nothing else."""

SILENCE_SECONDS = 2.0
"""A connection that was used so lately is taken for alive; where it is not, the transaction fails as `Transient`."""


class LostRace(ConsultantError):
    """Somebody else changed the row first: an expected outcome, after which one looks again."""


class StoreRefused(Permanent):
    """The case store cannot be used as it is set up."""


class Store:
    """The database behind the service; safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Prepare connections to `url`; nothing is opened before the first transaction."""
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise StoreRefused(
                "store_url is no database URL; postgresql://user:password@host/name was expected."
            ) from None
        options: dict[str, Any] = {}
        if parsed.get_backend_name() == "sqlite":
            options = {"connect_args": {"timeout": 30}}
        try:
            self.engine: Engine = create_engine(parsed, **options)
        except (NoSuchModuleError, ModuleNotFoundError):
            raise StoreRefused(
                f"store_url names the database {parsed.drivername}, which is not installed; "
                "use sqlite:///file or postgresql:// (pip install consultant[postgres])."
            ) from None
        self.dialect = self.engine.dialect.name
        self._file = Path(parsed.database) if self.dialect == "sqlite" and parsed.database else None
        if self.dialect != "sqlite":
            event.listen(self.engine, "checkout", _look_after_silence)
            event.listen(self.engine, "checkin", _note_use)
        if self.dialect == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._reader = self.engine.execution_options(consultant_begin="BEGIN")

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """Open a writing transaction; commits at the end, rolls back on any exception.

        Raises `Transient` when the database cannot be reached or is busy.
        """
        with self._translated(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """Open a reading transaction, which blocks nobody."""
        with self._translated(), Session(self._reader, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            raise Transient(f"The case store did not answer: {error.orig}") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Transient(f"The case store closed the connection: {error.orig}") from error
            raise

    def migrate(self) -> None:
        """Bring the tables to this version of the service; a SQLite file and its folder are made."""
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._translated(), self.engine.connect() as connection:
            schema.migrate(connection)

    def check(self) -> str:
        """Return one sentence on the store as it is; raise `StoreRefused` on weak durability or an old schema."""
        if self._file is not None and not self._file.exists():
            raise StoreRefused(f"There is no case store at {self._file} yet; run `consultant migrate`.")
        with self._translated(), self._reader.connect() as connection:
            weak = _weaknesses(connection)
            if weak:
                raise StoreRefused(f"The case store would lose letters in a power cut: {'; '.join(weak)}.")
            wanted, found = schema.wanted(), schema.found(connection)
            if found != wanted:
                raise StoreRefused(
                    f"The case store has the schema {found or 'of nothing'}, and {wanted} was expected; "
                    "run `consultant migrate`."
                )
            return f"{self.dialect}, schema {wanted}, durable"

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _look_after_silence(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
    """Ask a connection that lay still whether its server is there; a round trip before each transaction costs more."""
    del proxy
    if time.monotonic() - record.info.get("used", -SILENCE_SECONDS) < SILENCE_SECONDS:
        return
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except Exception:
        # The pool takes this for a connection that was lost, and makes another.
        raise DisconnectionError from None


def _note_use(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    del connection
    record.info["used"] = time.monotonic()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself, so that BEGIN IMMEDIATE is ours to say.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for a lock (SQLITE_BUSY at once), so one that
    # may write takes the lock at its start.
    connection.exec_driver_sql(connection.get_execution_options().get("consultant_begin", "BEGIN IMMEDIATE"))


def _weaknesses(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        synchronous = connection.execute(text("PRAGMA synchronous")).scalar_one()
        return [f"journal_mode is {journal}, not wal"] * (str(journal) != "wal") + [
            f"synchronous is {synchronous}, not FULL"
        ] * (int(synchronous) < 2)
    if connection.dialect.name == "postgresql":
        found = {
            name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in ("fsync", "synchronous_commit")
        }
        return [f"{name} is off" for name, value in found.items() if value == "off"]
    return [f"{connection.dialect.name} is not a database that was tried; use PostgreSQL or SQLite"]


def changed(tx: Tx, statement: Executable) -> bool:
    """Run an UPDATE or DELETE and tell whether it touched a row.

    Rows that the session has read before keep their old values: whoever needs the new ones reads again.
    """
    # To find what the session holds of the rows took as long as the update itself.
    done = tx.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount > 0
