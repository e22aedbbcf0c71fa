"""How a release lies on disk: the names of its files and the tables of its database."""

DATABASE = "knowledge.sqlite"
INDEX = "index"
MANIFEST = "manifest.json"
CURRENT = "current"
"""The symbolic link beside the releases that names the one in use."""

FORMAT = 6
"""Counts up when the tables or the search index change, so that a release of another layout is never taken for ours."""

# The columns of a key come first, in its order: PRAGMA integrity_check of SQLite 3.40 otherwise reports missing values
# in tables without row numbers where there are none. Days of edits are numbers (20260302), so that two million rows of
# them stay small; an edition is named by its number for the same reason.
TABLES = """
CREATE TABLE edition (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, edition TEXT NOT NULL, setting TEXT NOT NULL, effective TEXT,
    ended TEXT, rows INTEGER NOT NULL, sha256 TEXT NOT NULL, note TEXT NOT NULL, partial INTEGER NOT NULL,
    dated INTEGER NOT NULL, UNIQUE (kind, edition, setting)
);
CREATE TABLE rationale (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE ptp (
    edition INTEGER NOT NULL, column_one TEXT NOT NULL, column_two TEXT NOT NULL, effective INTEGER NOT NULL,
    deleted INTEGER NOT NULL, indicator TEXT NOT NULL, rationale INTEGER NOT NULL,
    PRIMARY KEY (edition, column_one, column_two, effective, deleted, indicator, rationale)
) WITHOUT ROWID;
CREATE TABLE mue (
    edition INTEGER NOT NULL, code TEXT NOT NULL, units INTEGER NOT NULL, indicator TEXT NOT NULL,
    rationale TEXT NOT NULL, PRIMARY KEY (edition, code)
) WITHOUT ROWID;
CREATE TABLE add_on (
    edition INTEGER NOT NULL, add_on TEXT NOT NULL, primary_code TEXT NOT NULL, kind TEXT NOT NULL,
    effective INTEGER NOT NULL, deleted INTEGER NOT NULL, note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (edition, add_on, primary_code, kind, effective, deleted)
) WITHOUT ROWID;
CREATE INDEX add_on_primary ON add_on (edition, primary_code);
CREATE TABLE fee (
    edition INTEGER NOT NULL, code TEXT NOT NULL, modifier TEXT NOT NULL, description TEXT, status TEXT NOT NULL,
    global_days TEXT NOT NULL, multiple TEXT NOT NULL, bilateral TEXT NOT NULL, assistant TEXT NOT NULL,
    co_surgeon TEXT NOT NULL, team TEXT NOT NULL, pctc TEXT NOT NULL, work TEXT, pe_nonfacility TEXT,
    pe_facility TEXT, malpractice TEXT, total_nonfacility TEXT, total_facility TEXT, na_nonfacility INTEGER,
    na_facility INTEGER, preoperative TEXT, intraoperative TEXT, postoperative TEXT, endoscopic_base TEXT,
    supervision TEXT, conversion_factor TEXT, PRIMARY KEY (edition, code, modifier)
) WITHOUT ROWID;
CREATE TABLE gpci (
    edition INTEGER NOT NULL, contractor TEXT NOT NULL, locality TEXT NOT NULL, state TEXT NOT NULL,
    locality_name TEXT NOT NULL, work TEXT NOT NULL, practice_expense TEXT NOT NULL, malpractice TEXT NOT NULL,
    PRIMARY KEY (edition, contractor, locality)
) WITHOUT ROWID;
CREATE TABLE hcpcs (
    edition INTEGER NOT NULL, code TEXT NOT NULL, is_modifier INTEGER NOT NULL, short_description TEXT NOT NULL,
    long_description TEXT NOT NULL, pricing TEXT NOT NULL, coverage TEXT NOT NULL, betos TEXT NOT NULL,
    type_of_service TEXT NOT NULL, crossref TEXT NOT NULL, added INTEGER NOT NULL, effective INTEGER NOT NULL,
    terminated INTEGER NOT NULL, action TEXT NOT NULL, PRIMARY KEY (edition, code, is_modifier)
) WITHOUT ROWID;
CREATE TABLE opps (
    edition INTEGER NOT NULL, code TEXT NOT NULL, status_indicator TEXT NOT NULL, comment_indicator TEXT NOT NULL,
    apc TEXT NOT NULL, relative_weight TEXT, payment_rate TEXT, national_copayment TEXT, minimum_copayment TEXT,
    PRIMARY KEY (edition, code)
) WITHOUT ROWID;
CREATE TABLE coverage_document (
    edition INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, display TEXT NOT NULL,
    title TEXT NOT NULL, status TEXT NOT NULL, effective INTEGER NOT NULL, ended INTEGER NOT NULL,
    PRIMARY KEY (edition, kind, id, version)
) WITHOUT ROWID;
CREATE TABLE coverage_code (
    edition INTEGER NOT NULL, code TEXT NOT NULL, article TEXT NOT NULL, version TEXT NOT NULL, role TEXT NOT NULL,
    "group" INTEGER NOT NULL, PRIMARY KEY (edition, code, article, version, role, "group")
) WITHOUT ROWID;
CREATE INDEX coverage_article ON coverage_code (edition, article, version, role);
CREATE TABLE coverage_link (
    edition INTEGER NOT NULL, article TEXT NOT NULL, lcd TEXT NOT NULL, PRIMARY KEY (edition, article, lcd)
) WITHOUT ROWID;
CREATE TABLE taken (code TEXT PRIMARY KEY) WITHOUT ROWID;
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
CREATE TABLE family (id TEXT PRIMARY KEY, document TEXT NOT NULL, decision_table TEXT) WITHOUT ROWID;
CREATE TABLE limits (document TEXT NOT NULL);
CREATE TABLE uncovered (document TEXT NOT NULL);
CREATE TABLE modifier_page (code TEXT PRIMARY KEY, family TEXT NOT NULL, document TEXT NOT NULL) WITHOUT ROWID;
"""

OPEN = 99991231
"""Stands for "no end" where a day is part of a key."""
UNKNOWN = 0
"""Stands for "not given" where a day is part of a key."""
LICENSED = " Official descriptors of CPT and dental codes are kept under the operator's licence."
"""What the note of an edition says that holds texts which are the property of others."""
