"""A folder that holds 100,000 letters and a ledger that holds a million: what both cost at the start and after it.

The rows of the ledger are made by one statement, not by intake, and their sealed bytes are no letter's.
"""

import re
from time import monotonic

from sqlalchemy import text

from bench.mail import mailboxes
from bench.mail.intake import entered
from bench.mail.letters import letter, letters
from bench.mail.report import Figure, of_runs, ratio
from bench.mail.town import Desk, Town, moment, wait_until
from consultant import clock

START_SECONDS = 5.0
OF_EMPTY = 0.9
_LETTERS = """
INSERT INTO letter (sha256, sealed, size, account, received_at, attempts, next_try_at, verdict, rule, masked, defects,
    screened_at, message_id, content_sha256, sender, subject, text, new_text)
SELECT encode(sha256(('letter ' || n)::bytea), 'hex'), decode(repeat(md5(n::text), 40), 'hex'), 2000, 'main',
    now() - interval '90 days', 1, now() - interval '90 days', 'accept', 'question', '[]', '[]',
    now() - interval '90 days', '<old-' || n || '@clinic.example>', encode(sha256(('content ' || n)::bytea), 'hex'),
    'asker' || n || '@clinic.example', 'An old question', 'An old question.', 'An old question.'
FROM generate_series(1, :count) AS n
"""
_POSITIONS = """
INSERT INTO position (account, folder, uidvalidity, uid, letter_id)
SELECT 'main', 'INBOX', :uidvalidity, row_number() OVER (ORDER BY id), id FROM letter ORDER BY id
"""


def remember(desk: Desk, uidvalidity: int, count: int) -> None:
    """Give the ledger `count` letters that were read long ago, at the UIDs 1 to `count` of the INBOX."""
    with desk.store.begin() as tx:
        tx.execute(text(_LETTERS), {"count": count})
        tx.execute(text(_POSITIONS), {"uidvalidity": uidvalidity})
    with desk.store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def folder(town: Town, held: int, new: int, rounds: int) -> list[Figure]:
    """Measure a start on a folder of `held` letters that the ledger knows, beside the same start on an empty one."""
    return _beside_empty(town, f"folder of {held:,} letters", held, held, new, rounds)


def ledger(town: Town, rows: int, new: int, rounds: int) -> list[Figure]:
    """Measure a start on a ledger of `rows` letters that have left the folder, beside that on an empty one."""
    return _beside_empty(town, f"ledger of {rows:,} letters", 0, rows, new, rounds)


def _beside_empty(town: Town, what: str, held: int, rows: int, new: int, rounds: int) -> list[Figure]:
    starts, empty_starts, rates, empty_rates = [], [], [], []
    user, bare = town.user("large"), town.user("bare")
    mailboxes.fill_alike(town.imap, user, letter(1), held or 1)
    began = monotonic()
    print(f"{what}: {mailboxes.index(town.imap, user):,} letters indexed in {monotonic() - began:.0f} s", flush=True)
    mailboxes.fill(town.imap, bare, ())
    with town.desk("postgresql", user) as desk, town.desk("postgresql", bare) as empty:
        remember(desk, _numbered_after(town, user, rows), rows)
        for number in range(1, rounds + 1):
            first = 2_000_000 + number * 100_000
            for which, name, begun, rated in (
                (empty, bare, empty_starts, empty_rates),
                (desk, user, starts, rates),
            ):
                mailboxes.fill(town.imap, name, letters(new, first=first), first=first)
                mailboxes.index(town.imap, name)
                began = monotonic()
                rate, seconds = _started(which, new)
                begun.append(seconds)
                rated.append(rate)
                which.stop()
                print(f"{what}, round {number}: start {seconds:.2f} s, {rate:,.0f} letters/s", flush=True)
    return [
        of_runs(f"{what}: from the start of the process to the first letter", starts, "s", most=START_SECONDS),
        of_runs("the same, empty", empty_starts, "s"),
        of_runs(f"{what}: intake", rates, "letters/s"),
        of_runs("the same, empty", empty_rates, "letters/s"),
        ratio(f"{what}: intake, of the empty one", rates, empty_rates, "of it", least=OF_EMPTY),
    ]


def _numbered_after(town: Town, user: str, last: int) -> int:
    """Let Dovecot number the next letter of the INBOX after UID `last`; return its UIDVALIDITY."""
    path = town.imap.folder / "mail" / user / "dovecot-uidlist"
    head, _, rest = path.read_text().partition("\n")
    found = re.match(r"3 V(\d+) N(\d+)", head)
    assert found is not None, head
    head = head.replace(found[0], f"3 V{found[1]} N{max(int(found[2]), last + 1)}")
    path.write_text(f"{head}\n{rest}")
    for index in path.parent.glob("dovecot.index*"):
        index.unlink()
    mailboxes.index(town.imap, user)
    return int(found[1])


def _started(desk: Desk, new: int) -> tuple[float, float]:
    """Start the poller; return the letters a second after the first batch, and the seconds until that batch."""
    began = clock.now()
    process = desk.start("poll")
    wait_until(lambda: entered(desk) >= new, f"{new} letters", seconds=300, alive=process.running, log=process.log)
    lines = desk.logged("poll", "letters entered")
    first, last = moment(lines[0]), moment(lines[-1])
    # A single batch takes no time of this count.
    rate = (new - lines[0]["new"]) / max((last - first).total_seconds(), 0.001)
    return rate, (first - began).total_seconds()
