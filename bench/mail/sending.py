"""Sending what lies in the outbox, beside a loop over one kept connection to the same server with the same bytes."""

import secrets
import smtplib
import time
from collections.abc import Sequence

from sqlalchemy import func, select

from bench.mail import drafts, mailboxes
from bench.mail.letters import DESK
from bench.mail.report import Figure, of_runs, ratio
from bench.mail.town import Desk, Town, wait_until
from consultant import clock
from consultant.bootstrap import keys_folder
from consultant.privacy.vault import Vault, context_from_digest, load_or_create_keys
from consultant.records import outgoing
from consultant.records.outgoing import Kind, NewLetter
from consultant.records.tables import Outbox
from consultant.settings import load
from tests.servers import HOST
from workers.app import configure
from workers.nudge import CeleryNudge

OF_LOOP = 0.8


def measure(town: Town, raws: Sequence[bytes], rounds: int) -> list[Figure]:
    """Measure the loop and the product in turn."""
    ours, loops = [], []
    for number in range(1, rounds + 1):
        loops.append(_loop(town, raws))
        user = town.user("sending")
        mailboxes.fill(town.imap, user, ())
        with town.desk("postgresql", user) as desk:
            ours.append(_sent(desk, raws))
        print(f"round {number}: loop {loops[-1]:,.0f}, outbox {ours[-1]:,.0f} letters/s", flush=True)
    return [
        of_runs("loop over one connection", loops, "letters/s"),
        of_runs("outbox, two workers", ours, "letters/s"),
        ratio("outbox, of the loop", ours, loops, "of it", least=OF_LOOP),
    ]


def _loop(town: Town, raws: Sequence[bytes]) -> float:
    with smtplib.SMTP(HOST, town.sink.port, local_hostname="[127.0.0.1]") as smtp:
        smtp.ehlo()
        began = time.perf_counter()
        for number, raw in enumerate(raws):
            smtp.sendmail(DESK, [_recipient(number)], raw)
        return len(raws) / (time.perf_counter() - began)


def _sent(desk: Desk, raws: Sequence[bytes]) -> float:
    """Queue the letters, ring for each as the desk does, start the worker; return letters a second, first to last."""
    settings = load(desk.folder / "consultant.toml")
    vault = Vault(load_or_create_keys(keys_folder(settings) / "vault.key"))
    configure(settings)
    nudge = CeleryNudge()
    for start in range(0, len(raws), 100):
        with desk.store.begin() as tx:
            queued = [
                outgoing.enqueue(tx, _letter(raw, number, vault), clock.now())
                for number, raw in enumerate(raws[start : start + 100], start)
            ]
        for outbox_id in queued:
            nudge.send(outbox_id)
    drafts.work(desk)

    def sent() -> int:
        with desk.read() as tx:
            return tx.scalar(select(func.count(Outbox.sent_at))) or 0

    wait_until(lambda: sent() >= len(raws), f"{len(raws)} letters sent", seconds=600)
    with desk.read() as tx:
        first, last = tx.execute(select(func.min(Outbox.sent_at), func.max(Outbox.sent_at))).one()
    return (len(raws) - 1) / (last - first).total_seconds()


def _letter(raw: bytes, number: int, vault: Vault) -> NewLetter:
    recipients = (_recipient(number),)
    sha256 = outgoing.binding(raw, recipients)
    return NewLetter(
        kind=Kind.ACKNOWLEDGEMENT,
        account="main",
        case_id=None,
        review_id=None,
        message_id=f"<out-{number}-{secrets.token_hex(4)}@desk.example>",
        delivery_id=secrets.token_hex(16),
        envelope_sender=DESK,
        recipients=recipients,
        sealed=vault.seal(raw, context_from_digest("outbox", sha256)),
        sha256=sha256,
    )


def _recipient(number: int) -> str:
    return f"asker{number}@clinic.example"
