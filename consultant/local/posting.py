"""Playing the asker from the shell and from the page: a letter from one's own words, and its way over SMTP."""

import secrets
import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from consultant import clock
from consultant.errors import Transient

TIMEOUT_SECONDS = 20


def letter_from_text(text: str, subject: str, sender: str, recipient: str) -> bytes:
    """Return a plain letter with a Message-ID, as a mail program would make it."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = sender
    letter["To"] = recipient
    letter["Subject"] = " ".join(subject.split()) or "Coding question"
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = f"<{secrets.token_hex(12)}@{sender.rpartition('@')[2] or 'practice.localhost'}>"
    letter.set_content(text)
    return letter.as_bytes()


def submit(raw: bytes, sender: str, recipient: str, host: str, port: int) -> None:
    """Hand a letter to a local SMTP server; raises `Transient` with one sentence when it does not take it."""
    try:
        with smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS) as smtp:
            smtp.sendmail(sender, [recipient], raw)
    except (OSError, smtplib.SMTPException) as error:
        raise Transient(
            f"No mail server took the letter at {host}:{port} ({type(error).__name__}); start the desk with `make run`."
        ) from None
