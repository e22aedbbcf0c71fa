"""How a release lies on disk: the names of its files and the tables of its database."""

DATABASE = "knowledge.sqlite"
INDEX = "index"
MANIFEST = "manifest.json"
CURRENT = "current"
"""The symbolic link beside the releases that names the one in use."""

FORMAT = 3
"""Counts up when the tables or the search index change, so that a release of another layout is never taken for ours."""

# The columns of a key come first, in its order: PRAGMA integrity_check of SQLite 3.40 otherwise reports missing values
# in tables without row numbers where there are none.
TABLES = """
CREATE TABLE edition (
    kind TEXT NOT NULL, edition TEXT NOT NULL, effective TEXT, ended TEXT, rows INTEGER NOT NULL,
    sha256 TEXT NOT NULL, note TEXT NOT NULL, partial INTEGER NOT NULL, PRIMARY KEY (kind, edition)
) WITHOUT ROWID;
CREATE TABLE setting (
    kind TEXT NOT NULL, edition TEXT NOT NULL, setting TEXT NOT NULL, PRIMARY KEY (kind, edition, setting)
) WITHOUT ROWID;
CREATE TABLE ptp (
    setting TEXT NOT NULL, edition TEXT NOT NULL, column_one TEXT NOT NULL, column_two TEXT NOT NULL,
    effective TEXT NOT NULL, deleted TEXT NOT NULL, indicator TEXT NOT NULL, rationale TEXT NOT NULL,
    PRIMARY KEY (setting, edition, column_one, column_two, effective, deleted)
) WITHOUT ROWID;
CREATE TABLE mue (
    setting TEXT NOT NULL, edition TEXT NOT NULL, code TEXT NOT NULL, units INTEGER NOT NULL,
    indicator TEXT NOT NULL, rationale TEXT NOT NULL, PRIMARY KEY (setting, edition, code)
) WITHOUT ROWID;
CREATE TABLE add_on (
    edition TEXT NOT NULL, add_on TEXT NOT NULL, primary_code TEXT NOT NULL, kind TEXT NOT NULL,
    effective TEXT NOT NULL, deleted TEXT NOT NULL,
    PRIMARY KEY (edition, add_on, primary_code, kind, effective, deleted)
) WITHOUT ROWID;
CREATE INDEX add_on_primary ON add_on (edition, primary_code);
CREATE TABLE fee (
    edition TEXT NOT NULL, code TEXT NOT NULL, modifier TEXT NOT NULL, status TEXT NOT NULL,
    global_days TEXT NOT NULL, multiple TEXT NOT NULL, bilateral TEXT NOT NULL, assistant TEXT NOT NULL,
    co_surgeon TEXT NOT NULL, team TEXT NOT NULL, pctc TEXT NOT NULL, PRIMARY KEY (edition, code, modifier)
) WITHOUT ROWID;
CREATE TABLE code_set (
    number INTEGER PRIMARY KEY, system TEXT NOT NULL, kind TEXT NOT NULL, edition TEXT NOT NULL
);
CREATE TABLE code (
    code TEXT NOT NULL, code_set INTEGER NOT NULL, parent TEXT, description TEXT, billable INTEGER NOT NULL,
    effective TEXT, ended TEXT, PRIMARY KEY (code, code_set)
) WITHOUT ROWID;
CREATE TABLE note (
    code_set INTEGER NOT NULL, code TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (code_set, code, number)
) WITHOUT ROWID;
CREATE TABLE page (
    code TEXT PRIMARY KEY, system TEXT NOT NULL, family TEXT NOT NULL, title TEXT NOT NULL, document TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE rule (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, family TEXT NOT NULL, document TEXT NOT NULL
);
CREATE TABLE family (id TEXT PRIMARY KEY, document TEXT NOT NULL, decision_table TEXT NOT NULL) WITHOUT ROWID;
"""

OPEN = "9999-12-31"
"""Stands for "no end" where a date is part of a key."""
UNKNOWN = "0001-01-01"
"""Stands for "not given" where a date is part of a key."""
