"""An SMTP sink that fails by chance, and files Sent copies as the server of an account does."""

import asyncio
import random
from collections import Counter
from typing import Any

from aiosmtpd.smtp import Envelope, Session

from tests.servers import Dovecot
from tests.smtp_sink import ACCEPTED, Lost, SmtpSink

BEFORE_DOT = ("refused connection", "421 banner", "4xx at RCPT", "5xx at RCPT")
AFTER_DOT = ("451 after the dot", "accepted, then closed", "accepted, then silent", "250 late")
LATE_SECONDS = 3.0


class FaultySink(SmtpSink):
    """The sink of a run. Its ledger holds exactly what it took over; `withheld` names the letters without a copy."""

    def __init__(self, seed: int, share: float) -> None:
        super().__init__()
        self.hits: Counter[str] = Counter()
        self.withheld: set[str] = set()
        self.mailbox: Dovecot | None = None
        """Where Sent copies are filed."""
        self._chance = random.Random(seed)
        self._share = share
        self._late: set[int] = set()

    def calm(self) -> None:
        """Fail no more."""
        self._share = 0.0
        self.script.banner = None

    def _draws(self, name: str) -> bool:
        hit = self._chance.random() < self._share
        self.hits[name] += hit
        return hit

    async def handle_EHLO(  # noqa: N802 - aiosmtpd finds hooks by such names
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if self._draws("refused connection"):
            server.transport.close()
        elif self._draws("421 banner"):
            return ["421 4.3.2 Service shutting down"]
        return responses

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._draws("4xx at RCPT"):
            return "451 4.3.0 Try again later"
        if self._draws("5xx at RCPT"):
            return "550 5.1.1 No such mailbox"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        drawn = next((name for name in AFTER_DOT if self._draws(name)), None)
        if drawn == "451 after the dot":
            return "451 4.3.0 Try again later"
        await self._file(envelope, withhold=drawn in ("accepted, then closed", "accepted, then silent"))
        if drawn == "accepted, then closed":
            self.script.after_dot.append(Lost.CLOSE)
        elif drawn == "accepted, then silent":
            self.script.after_dot.append(Lost.HANG)
        else:
            if drawn == "250 late":
                await asyncio.sleep(LATE_SECONDS)
            self.script.after_dot.append(ACCEPTED)
        # The outcome is taken from the script at once, before another session can run.
        return await super().handle_DATA(server, session, envelope)

    async def _file(self, envelope: Envelope, *, withhold: bool) -> None:
        raw = envelope.content
        assert isinstance(raw, bytes)
        if withhold and self._chance.random() < 0.5:
            self.withheld.add(delivery_id(raw))
            return
        if self.mailbox is not None:
            await asyncio.to_thread(self._append, raw)

    def _append(self, raw: bytes) -> None:
        assert self.mailbox is not None
        for _ in range(20):
            try:
                with self.mailbox.client() as client:
                    if not client.folder_exists("Sent"):
                        client.create_folder("Sent")
                    client.append("Sent", raw)
                return
            except Exception:
                pass
        self.withheld.add(delivery_id(raw))


def delivery_id(raw: bytes) -> str:
    """Return the X-Delivery-Id of a letter of ours."""
    for line in raw.split(b"\r\n"):
        if line.lower().startswith(b"x-delivery-id:"):
            return line.partition(b":")[2].strip().decode()
    return ""
