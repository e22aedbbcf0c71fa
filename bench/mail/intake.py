"""Intake into the ledger beside its limit and its peer: letters lie in a folder, and are taken in by `consultant poll`.

Each round measures all of them one after the other on the same letters, so that a ratio compares neighbours in time.
"""

from collections.abc import Sequence

from bench.mail import limit, mailboxes, peer
from bench.mail.report import Figure, of_runs, ratio
from bench.mail.town import Desk, Kind, Town, moment, wait_until

SECONDS = 600.0
OF_LIMIT = 0.6
OF_PEER = 15.0


def taken(desk: Desk, count: int, seconds: float = SECONDS) -> float:
    """Start the poller, wait until it has taken `count` letters, and return letters a second since it had the folder.

    The time ends when the last batch is committed, nudged, and moved where letters are moved.
    """
    desk.start("poll")
    wait_until(
        lambda: entered(desk) >= count,
        f"{count} letters in the ledger",
        seconds=seconds,
        alive=desk.processes["poll"].running,
        log=desk.processes["poll"].log,
    )
    opened, last = desk.logged("poll", "account opened")[0], desk.logged("poll", "letters entered")[-1]
    return count / (moment(last) - moment(opened)).total_seconds()


def entered(desk: Desk) -> int:
    """Return how many letters the poller has entered so far."""
    return sum(line["new"] for line in desk.logged("poll", "letters entered"))


def measure(town: Town, raws: Sequence[bytes], rounds: int, peer_letters: int, stores: Sequence[Kind]) -> list[Figure]:
    """Measure with each store and return the figures; a peer of 0 letters is left out."""
    return [figure for kind in stores for figure in _store(town, kind, raws, rounds, peer_letters)]


def _store(town: Town, kind: Kind, raws: Sequence[bytes], rounds: int, peer_letters: int) -> list[Figure]:
    rates: dict[str, list[float]] = {}
    for number in range(1, rounds + 1):
        for name, rate in _round(town, kind, raws, peer_letters).items():
            rates.setdefault(name, []).append(rate)
            print(f"{kind}, round {number}: {name} {rate:,.0f} letters/s", flush=True)
    figures = [of_runs(f"{kind}: {name}", runs, "letters/s") for name, runs in rates.items()]
    for ours in ("intake", "intake, moving"):
        figures.append(ratio(f"{kind}: {ours}, of the limit", rates[ours], rates["limit"], "of it", least=OF_LIMIT))
        if "peer" in rates:
            figures.append(
                ratio(f"{kind}: {ours}, beside the peer", rates[ours], rates["peer"], "times", least=OF_PEER)
            )
    return figures


def _round(town: Town, kind: Kind, raws: Sequence[bytes], peer_letters: int) -> dict[str, float]:
    rates = {}
    user = _mailbox(town, raws)
    rates["limit, fetching alone"] = limit.fetched(town, user)
    rates["limit"] = limit.stored(town, user, kind, town.folder)
    with town.desk(kind, user) as desk:
        rates["intake"] = taken(desk, len(raws))
    # What moves or marks letters changes the folder, so that each has one of its own.
    mailboxes.forget(town.imap, user)
    user = _mailbox(town, raws)
    with town.desk(kind, user, processed="Processed") as desk:
        rates["intake, moving"] = taken(desk, len(raws))
        with mailboxes.client(town.imap, user) as client:
            left = int(client.select_folder("INBOX", readonly=True)[b"EXISTS"])
            assert left == 0, f"{left} letters were not moved"
    mailboxes.forget(town.imap, user)
    if peer_letters:
        user = _mailbox(town, raws[:peer_letters])
        rates["peer"] = peer.taken(town, user, kind, peer_letters)
        mailboxes.forget(town.imap, user)
    return rates


def _mailbox(town: Town, raws: Sequence[bytes]) -> str:
    user = town.user("intake")
    mailboxes.fill(town.imap, user, raws)
    count = mailboxes.index(town.imap, user)
    assert count == len(raws), f"Dovecot shows {count} letters of {len(raws)}"
    return user
