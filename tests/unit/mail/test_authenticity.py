"""Only our own server is believed about the sender."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultant.mail.authenticity import Trust, authenticity, read_results
from consultant.mail.letter import Address, Letter

OWN = "mx.consultant.example"


def make_letter(*values: str, mailbox: str = "testa@clinic.example") -> Letter:
    return Letter(sender=Address("", mailbox), headers=tuple(("Authentication-Results", value) for value in values))


JUDGED = {
    f"{OWN}; dmarc=pass (p=REJECT) header.from=clinic.example": Trust.PASS,
    f"{OWN} 1; spf=fail smtp.mailfrom=x.example; dmarc=fail header.from=clinic.example": Trust.FAIL,
    f"{OWN}; dkim=pass header.i=@mail.clinic.example header.s=s1 header.b=abc": Trust.PASS,
    f"{OWN}; dkim=pass header.d=elsewhere.example": Trust.UNKNOWN,
    f"{OWN}; dkim=pass header.d=example": Trust.UNKNOWN,
    f"{OWN}; dkim=pass header.d=notclinic.example": Trust.UNKNOWN,
    f'{OWN}; spf=pass (it "says" (nested) dmarc=pass;) smtp.mailfrom="bounce@clinic.example"': Trust.PASS,
    f"{OWN}; spf=fail smtp.mailfrom=clinic.example; dkim=none": Trust.FAIL,
    f"{OWN}; dmarc=none; spf=neutral smtp.mailfrom=clinic.example": Trust.UNKNOWN,
    f"{OWN}; none": Trust.UNKNOWN,
    f'{OWN}; reason="dmarc=pass"; spf=none': Trust.UNKNOWN,
    "spf=pass smtp.mailfrom=clinic.example; dmarc=pass": Trust.DOUBTFUL,
    f"evil.example; dmarc=pass; x={OWN}": Trust.DOUBTFUL,
    f"(comment) {OWN}; dmarc=pass": Trust.PASS,
}


@pytest.mark.parametrize("value", JUDGED)
def test_the_field_is_judged(value: str) -> None:
    """Promise one of the four verdicts with a sentence; comments and quoted words are no results."""
    found = authenticity(make_letter(value), OWN)
    assert found.verdict is JUDGED[value]
    assert found.reason.endswith(".")


def test_only_the_topmost_field_of_our_server_counts() -> None:
    """Promise that a forged field below is not read, nor a stranger's above."""
    assert authenticity(make_letter(f"{OWN}; dmarc=fail", f"{OWN}; dmarc=pass"), OWN).verdict is Trust.FAIL
    assert authenticity(make_letter("other.example; dmarc=pass", f"{OWN}; dmarc=fail"), OWN).verdict is Trust.FAIL


def test_nothing_is_believed_where_no_server_is_configured() -> None:
    """Promise unknown without an authserv-id."""
    assert authenticity(make_letter(f"{OWN}; dmarc=pass"), None).verdict is Trust.UNKNOWN


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.text(max_size=200), st.text(alphabet='();"\\=./a ', max_size=200)))
def test_reading_is_total(value: str) -> None:
    """Promise that no field raises."""
    read_results(value)
