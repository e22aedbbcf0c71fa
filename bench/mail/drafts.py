"""From a letter to its draft in the queue: the rate of the whole pipeline, and the time from delivery to draft."""

import time
from collections.abc import Sequence
from datetime import datetime
from statistics import median, quantiles

from sqlalchemy import func, select

from bench.mail import mailboxes, peer
from bench.mail.letters import letters, message_id
from bench.mail.report import Figure, of_runs, ratio
from bench.mail.town import Desk, Town, wait_until
from consultant import clock
from consultant.records import health
from consultant.records.tables import Draft, Letter

OF_PEER = 4.0
SECONDS = 900.0
WORKERS = "--concurrency=2"


def measure(town: Town, raws: Sequence[bytes], rounds: int, peer_letters: int) -> list[Figure]:
    """Measure the rate of the whole pipeline beside the intake of the peer, both on PostgreSQL."""
    ours, theirs = [], []
    for number in range(1, rounds + 1):
        user = town.user("drafts")
        mailboxes.fill(town.imap, user, raws)
        mailboxes.index(town.imap, user)
        with town.desk("postgresql", user) as desk:
            ours.append(drafted(desk, len(raws)))
        mailboxes.forget(town.imap, user)
        print(f"round {number}: letter to draft {ours[-1]:,.0f} letters/s", flush=True)
        if peer_letters:
            mailboxes.fill(town.imap, user, raws[:peer_letters])
            mailboxes.index(town.imap, user)
            theirs.append(peer.taken(town, user, "postgresql", peer_letters))
            mailboxes.forget(town.imap, user)
            print(f"round {number}: intake alone of the peer {theirs[-1]:,.0f} letters/s", flush=True)
    figures = [of_runs("letter to draft, two workers", ours, "letters/s")]
    if theirs:
        figures.append(of_runs("peer, intake alone", theirs, "letters/s"))
        figures.append(ratio("letter to draft, beside the peer's intake", ours, theirs, "times", least=OF_PEER))
    return figures


def drafted(desk: Desk, count: int) -> float:
    """Start worker, beat and poller on a full folder; return letters a second, first entry to last draft."""
    work(desk)
    desk.start("poll")
    wait_until(
        lambda: drafts(desk) >= count, f"{count} drafts", seconds=SECONDS, alive=desk.processes["worker"].running
    )
    with desk.read() as tx:
        first = tx.scalar(select(func.min(Letter.received_at)))
        last = tx.scalar(select(func.max(Draft.written_at)))
    assert first is not None
    assert last is not None
    return count / (last - first).total_seconds()


def work(desk: Desk) -> None:
    """Start worker and beat, and return when the worker does tasks."""
    desk.start("worker", WORKERS)
    desk.start("beat")
    wait_until(
        lambda: _ready(desk),
        "the worker",
        seconds=60,
        alive=desk.processes["worker"].running,
        log=desk.processes["worker"].log,
    )


def drafts(desk: Desk) -> int:
    """Return how many drafts there are."""
    with desk.read() as tx:
        return tx.scalar(select(func.count()).select_from(Draft)) or 0


def latency(town: Town, plan: Sequence[tuple[float, int, dict[str, float]]]) -> list[Figure]:
    """Deliver letters at each rate of the plan (letters/s, how many, targets of p50 and p95 in seconds)."""
    announced = median(_announced(town, 20))
    print(f"the server's own announcement: {announced:.2f} s", flush=True)
    figures = [Figure("the server's own announcement by IDLE, p50 of 20", announced, "s")]
    user = town.user("latency")
    mailboxes.fill(town.imap, user, ())
    with town.desk("postgresql", user) as desk:
        work(desk)
        desk.start("poll")
        wait_until(lambda: bool(desk.logged("poll", "account opened")), "the poller", seconds=60)
        first = 1_000_000
        # The first drafts of a process read the release from the disk; they are not counted.
        _delivered(town, desk, user, 5.0, 20, first)
        for rate, count, targets in plan:
            first += 100_000
            times = _delivered(town, desk, user, rate, count, first)
            for name, value in (("p50", median(times)), ("p95", quantiles(times, n=20)[-1])):
                work_name = f"delivery to draft at {rate:g} letters/s, {name} of {count}"
                most = {"most": targets[name]} if name in targets else {}
                figures.append(Figure(work_name, value, "s", **most))
                print(f"{work_name}: {value:.2f} s", flush=True)
    return figures


def _announced(town: Town, count: int) -> list[float]:
    """Return the seconds from the server's OK to a delivery until it tells a client that idles."""
    user = town.user("announced")
    mailboxes.fill(town.imap, user, ())
    times = []
    with mailboxes.client(town.imap, user) as watching, mailboxes.client(town.imap, user) as writing:
        watching.select_folder("INBOX")
        for raw in letters(count):
            watching.idle()
            time.sleep(0.5)
            writing.append("INBOX", raw)
            began = time.monotonic()
            while not watching.idle_check(timeout=10):
                pass
            times.append(time.monotonic() - began)
            watching.idle_done()
    return times


def _delivered(town: Town, desk: Desk, user: str, rate: float, count: int, first: int) -> list[float]:
    """Deliver letters evenly, and return the seconds from the server's OK to the first draft of each."""
    at: dict[str, datetime] = {}
    with mailboxes.client(town.imap, user) as client:
        began = time.monotonic()
        for number, raw in enumerate(letters(count, first=first)):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            client.append("INBOX", raw)
            at[message_id(first + number)] = clock.now()
    query = (
        select(Letter.message_id, func.min(Draft.written_at))
        .join(Draft, Draft.case_id == Letter.case_id)
        .where(Letter.message_id.in_(at))
        .group_by(Letter.message_id)
    )

    def found() -> dict[str, datetime]:
        with desk.read() as tx:
            return dict(tx.execute(query).all())

    wait_until(lambda: len(found()) >= count, f"{count} drafts", seconds=120)
    return [(written - at[name]).total_seconds() for name, written in found().items()]


def _ready(desk: Desk) -> bool:
    with desk.read() as tx:
        return "worker" in health.last_beats(tx)
