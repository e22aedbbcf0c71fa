"""A bounce is read for whom it is about and which letter it returns."""

from pathlib import Path

import pytest

from consultant.mail.dsn import DeliveryStatus, read_dsn
from consultant.mail.letter import Letter

CORPUS = Path(__file__).parents[2] / "corpus"
ID = "<C-2026-000123.x1.aaaaaaaa@consultant.example>"
DELIVERY = "0f1e2d3c"
GONE = "gone@clinic.example"

EXPECTED = {
    "postfix": [DeliveryStatus(GONE, "failed", "5.1.1", f"550 5.1.1 <{GONE}>: No such user here", ID, DELIVERY)],
    "exchange": [
        DeliveryStatus(GONE, "failed", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", ID, DELIVERY)
    ],
    "sendmail-headers": [
        DeliveryStatus(GONE, "delayed", "4.4.1", "421 try later", ID, DELIVERY),
        DeliveryStatus("second@clinic.example", "failed", "5.2.2", "552 5.2.2 mailbox full", ID, DELIVERY),
    ],
    "qmail": [DeliveryStatus(GONE, "failed", "5.1.1", "Remote host said: 550 5.1.1 unknown mailbox", ID, DELIVERY)],
    "exim": [DeliveryStatus(GONE, "failed", "5.0.0", "550 mailbox unavailable", ID, DELIVERY)],
    "null-sender-text": [
        DeliveryStatus(GONE, "failed", "5.7.1", f"The letter to <{GONE}> came back: 5.7.1 refused.", None, None)
    ],
}


@pytest.mark.parametrize("server", EXPECTED)
def test_each_server_s_bounce_is_understood(server: str) -> None:
    """Promise recipient, action, status, words and both of our identifiers, reports and mere text alike."""
    assert list(read_dsn((CORPUS / f"bounce-{server}.eml").read_bytes())) == EXPECTED[server]


def test_a_person_s_letter_reports_nothing() -> None:
    """Promise that codes such as 5.1.1 or addresses in a question are not read as a bounce."""
    reported = {path.stem for path in CORPUS.glob("accept-*.eml") if read_dsn(path.read_bytes())}
    assert reported == set()


def test_a_question_with_figures_is_no_bounce() -> None:
    """Promise nothing for a letter with a sender, whatever figures it holds."""
    assert read_dsn(Letter(envelope_sender="a@b.example", text="Section 5.1.1 says 550 - which code?")) == ()
