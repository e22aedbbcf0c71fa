"""Submission over SMTP (RFC 5321, RFC 6409), phase by phase, so that one knows who owns a letter when a line breaks.

`smtplib` raises the same error before and after the server took a letter over. Here nothing is owned until `dot` has
sent the final dot, and only a numeric reply to it is certain.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from consultant.accounts import SmtpServer
from consultant.gateways.smtp_connection import REFUSED_BY_CLIENT, SMTP_FAILURES, connect, reply_of, sentence
from consultant.gateways.wire import Token, endpoint
from consultant.mail.ports import NotSent, Refused, Reply, Unanswered

# A connection that was quiet for longer is asked whether it still lives before it is trusted.
FRESH_SECONDS = 30.0
# `sendall` has one time limit for all that it sends, so that a large letter has to go in pieces.
PIECE_BYTES = 64 * 1024
# A lone CR or LF lets one letter be read as two by another server (RFC 5321, 2.3.8).
_LONE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_NOT_IN_A_PATH = re.compile(r"[\x00-\x20<>\x7f]")


class SmtpEnvelope:
    """One mail transaction that the server answered with 354; see the port `Envelope`."""

    def __init__(self, submission: "SmtpSubmission", smtp: smtplib.SMTP, refused: Mapping[str, Reply]) -> None:
        self._submission = submission
        self._smtp = smtp
        self._refused = dict(refused)

    @property
    def refused(self) -> Mapping[str, Reply]:
        """Recipients that were refused at RCPT, with the reply; the others were accepted."""
        return self._refused

    def content(self, raw: bytes) -> None:
        """Send the letter's bytes, dot-stuffed (RFC 5321, 4.5.2), without the final dot.

        `raw` has CRLF line ends only. Raises `NotSent` when the connection is lost, and `Refused` before a byte is
        sent when there is a lone CR or LF or when the server takes ASCII only and the letter is not.
        """
        self._check(raw)
        try:
            stuffed = _LEADING_DOT.sub(b"..", raw)
            if not stuffed.endswith(b"\r\n"):
                stuffed += b"\r\n"
            for start in range(0, len(stuffed), PIECE_BYTES):
                self._smtp.send(stuffed[start : start + PIECE_BYTES])
        except SMTP_FAILURES as error:
            self._submission.drop()
            raise NotSent(sentence(error, self._submission.server, "sending a letter's text")) from None

    def _check(self, raw: bytes) -> None:
        flaw = ""
        if _LONE_LINE_END.search(raw):
            flaw = "it holds a line end other than CRLF"
        elif not raw.isascii() and not self._smtp.has_extn("8bitmime"):
            flaw = "the server takes 7-bit text only (no 8BITMIME), and it holds other bytes"
        if flaw:
            self._submission.drop()
            raise Refused(f"The letter was not offered to {endpoint(self._submission.server)}: {flaw}.")

    def dot(self) -> Reply:
        """Send the final dot and return the server's numeric reply; raises `Unanswered` when none came.

        Waits as long as the setting `dot_timeout_seconds` says (RFC 5321, 4.5.3.2.6 asks for 600).
        """
        server = self._submission.server
        try:
            if self._smtp.sock is None:
                raise smtplib.SMTPServerDisconnected("closed before the dot")
            self._smtp.sock.settimeout(server.dot_timeout_seconds)
            self._smtp.send(b".\r\n")
            reply = reply_of(*self._smtp.getreply())
            if not 200 <= reply.code <= 599:
                raise smtplib.SMTPServerDisconnected("no reply in numbers")
        except SMTP_FAILURES as error:
            self._submission.drop()
            raise Unanswered(
                f"{sentence(error, server, 'it was to confirm a letter')} The letter may or may not be with the server."
            ) from None
        self._submission.settle(reply)
        return reply


class SmtpSubmission:
    """A way out over one kept connection; see the port `Submission`. Belongs to one thread.

    Whatever `open` raises, the letter is certainly not with the server: `NotSent` and `Refused` as the port says,
    `AuthenticationFailed` when the login is refused, other `Permanent` when TLS cannot be had as configured.
    """

    def __init__(
        self, server: SmtpServer, *, token: Token | None = None, context: ssl.SSLContext | None = None
    ) -> None:
        """Keep the settings; the connection is made by the first `open`."""
        self.server = server
        self._token = token
        self._context = context
        self._smtp: smtplib.SMTP | None = None
        self._in_content = False
        self._used = 0.0

    def __enter__(self) -> "SmtpSubmission":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self) -> None:
        """Connect and log in now, as `consultant check` does; `open` does it by itself. Raises what `open` raises."""
        self._ready()

    def open(self, sender: str, recipients: Sequence[str], *, size: int | None = None) -> SmtpEnvelope:
        """Go through MAIL, RCPT and DATA up to 354.

        `size` is the letter's length in bytes, declared where the server has SIZE (RFC 1870), so that a letter that is
        too large is refused before it is sent. `sender` "" is the null sender.
        """
        self._check_paths(sender, recipients)
        kept = self._smtp is not None
        smtp = self._ready()
        try:
            reply = self._mail(smtp, sender, recipients, size, kept=kept)
            if reply.code == 421 and kept:
                # A server may close a kept connection, or allow only so many letters over one; a new one is due.
                self.drop()
                smtp = self._ready()
                reply = self._mail(smtp, sender, recipients, size)
            if not reply.positive:
                raise self._no(f"the sender {sender or '<>'}", reply, {})
            refused = self._rcpt(smtp, recipients)
            reply = reply_of(*smtp.docmd("DATA"))
            if reply.code != 354:
                raise self._no("the letter", reply, refused)
        except SMTP_FAILURES as error:
            self.drop()
            raise NotSent(sentence(error, self.server, "offering a letter")) from None
        self._in_content = True
        return SmtpEnvelope(self, smtp, refused)

    def _check_paths(self, sender: str, recipients: Sequence[str]) -> None:
        if not recipients:
            raise Refused("A letter without recipients cannot be sent.")
        for path in (sender, *recipients):
            if _NOT_IN_A_PATH.search(path) or (not path and path is not sender):
                raise Refused(f"{path!r} is not an address that a letter can be sent from or to.")

    def _ready(self) -> smtplib.SMTP:
        """Return a connection that is logged in and in no transaction."""
        if self._in_content:
            self.drop()
        if self._smtp is not None and not self._alive(self._smtp):
            self.drop()
        if self._smtp is None:
            self._smtp = connect(self.server, self._token, self._context)
        self._used = time.monotonic()
        return self._smtp

    def _alive(self, smtp: smtplib.SMTP) -> bool:
        # RSET ends whatever the last letter left behind; after a long silence its reply also shows that the server
        # is still there, for which NOOP would cost a second round trip.
        try:
            if time.monotonic() - self._used > FRESH_SECONDS and smtp.sock is not None:
                smtp.sock.settimeout(min(10.0, self.server.timeout_seconds))
            alive = bool(smtp.rset()[0] == 250)
            if smtp.sock is not None:
                smtp.sock.settimeout(self.server.timeout_seconds)
        except SMTP_FAILURES:
            return False
        return alive

    def _mail(
        self, smtp: smtplib.SMTP, sender: str, recipients: Sequence[str], size: int | None, *, kept: bool = False
    ) -> Reply:
        options = []
        if size is not None and smtp.has_extn("size"):
            options.append(f" SIZE={size}")
        if smtp.has_extn("8bitmime"):
            options.append(" BODY=8BITMIME")
        if not all(path.isascii() for path in (sender, *recipients)):
            if not smtp.has_extn("smtputf8"):
                return Reply(REFUSED_BY_CLIENT, "the server does not offer SMTPUTF8, which these addresses need")
            options.append(" SMTPUTF8")
            smtp.command_encoding = "utf-8"
        try:
            return reply_of(*smtp.docmd("MAIL", f"FROM:<{sender}>{''.join(options)}"))
        except smtplib.SMTPServerDisconnected:
            if not kept:
                raise
            return Reply(421, "the connection was closed")

    def _rcpt(self, smtp: smtplib.SMTP, recipients: Sequence[str]) -> dict[str, Reply]:
        refused: dict[str, Reply] = {}
        for recipient in recipients:
            # Sent as it is: smtplib's own `rcpt` drops what it takes for a comment, and so may change the recipient.
            reply = reply_of(*smtp.docmd("RCPT", f"TO:<{recipient}>"))
            if not reply.positive:
                refused[recipient] = reply
            if reply.code == 421:
                raise self._no(f"the recipient {recipient}", reply, refused)
        if len(refused) == len(set(recipients)):
            passing = [item for item in refused.items() if item[1].code < 500]
            recipient, reply = next(iter(passing or refused.items()))
            raise self._no(f"the recipient {recipient}", reply, refused)
        return refused

    def _no(self, what: str, reply: Reply, replies: Mapping[str, Reply]) -> NotSent | Refused:
        """Return the error for a reply that ends the transaction; the connection is kept where the server keeps it."""
        if reply.code == 421 or reply.code < 200:
            self.drop()
        said = f"{endpoint(self.server)} answered {reply.code} to {what}: {reply.text.rstrip('.')}."
        if reply.code >= 500:
            return Refused(said, replies)
        return NotSent(f"{said} It is tried again later.", replies)

    def settle(self, reply: Reply) -> None:
        """Make the connection ready for the next letter after the reply to the final dot."""
        self._in_content = False
        self._used = time.monotonic()
        if reply.code == 421:
            self.drop()
        elif self._smtp is not None and self._smtp.sock is not None:
            self._smtp.sock.settimeout(self.server.timeout_seconds)

    def drop(self) -> None:
        """Close the connection without a word, which ends an unfinished transaction (RFC 5321, 4.1.1.10)."""
        smtp, self._smtp, self._in_content = self._smtp, None, False
        if smtp is not None:
            with suppress(OSError):
                smtp.close()

    def close(self) -> None:
        """Say QUIT; never raises. An unfinished transaction is dropped instead, as QUIT would be read as its text."""
        if self._smtp is not None and not self._in_content:
            with suppress(*SMTP_FAILURES):
                if isinstance(self._smtp.sock, socket.socket):
                    self._smtp.sock.settimeout(2.0)
                self._smtp.quit()
        self.drop()
