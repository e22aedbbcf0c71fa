"""The database of one release, opened read-only, for many threads."""

import sqlite3
import threading
import weakref
from pathlib import Path
from typing import Any

from knowledge.faults import MEND, ReleaseDamaged
from knowledge.layout import DATABASE


class Database:
    """Connections to a database that nobody changes: a reader borrows one, and there are as many as readers at once."""

    def __init__(self, folder: Path) -> None:
        """Name the database of a release's folder."""
        self.folder = folder
        self._uri = f"{(folder / DATABASE).absolute().as_uri()}?mode=ro&immutable=1"
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        # A release that was replaced is not closed while somebody may still read it; it goes with its last reader.
        weakref.finalize(self, _close, self._idle)

    def close(self) -> None:
        """Close the database; a reader that is in the midst of a question still gets its answer."""
        with self._lock:
            self._closed = True
            _close(self._idle)

    def rest(self) -> None:
        """Close the connections that nobody uses, and open others when asked again: none survives a fork."""
        with self._lock:
            _close(self._idle)

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Ask the database; raise `ReleaseDamaged` where it cannot be read as it was written."""
        try:
            connection = self._borrow()
            try:
                return connection.execute(statement, values).fetchall()
            finally:
                self._give_back(connection)
        except sqlite3.Error as error:
            raise ReleaseDamaged(f"The release {self.folder} is damaged ({error}); {MEND}.") from error

    def _borrow(self) -> sqlite3.Connection:
        """Take a connection that nobody uses."""
        with self._lock:
            if self._closed:
                raise ValueError(f"The release {self.folder} was closed.")
            if self._idle:
                return self._idle.pop()
        return sqlite3.connect(self._uri, uri=True, check_same_thread=False)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            self._idle.append(connection)
            if self._closed:
                _close(self._idle)


def _close(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
