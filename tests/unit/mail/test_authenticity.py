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


MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=clinic.example; dkim=pass (signature was verified) "
    "header.d=clinic.example;dmarc={dmarc} action=none header.from=clinic.example;compauth=pass reason=100"
)


@pytest.mark.parametrize(
    ("dmarc", "verdict"), [("pass", Trust.PASS), ("fail", Trust.FAIL), ("bestguesspass", Trust.PASS)]
)
def test_a_provider_that_leaves_its_name_out_is_believed_where_the_account_says_so(dmarc: str, verdict: Trust) -> None:
    """Promise that Microsoft's form counts for an account whose authserv_id is empty."""
    assert authenticity(make_letter(MICROSOFT.format(dmarc=dmarc)), "").verdict is verdict


def test_a_field_without_a_name_says_nothing_where_no_provider_is_named() -> None:
    """Promise unknown, neither believed nor held against the sender, on an account without the setting."""
    for dmarc in ("pass", "fail"):
        assert authenticity(make_letter(MICROSOFT.format(dmarc=dmarc)), None).verdict is Trust.UNKNOWN


def test_a_field_without_a_name_does_not_stand_for_a_server_that_has_one() -> None:
    """Promise that nobody talks himself out of a doubt by writing the field himself."""
    assert authenticity(make_letter(MICROSOFT.format(dmarc="pass")), OWN).verdict is Trust.DOUBTFUL


def test_only_the_topmost_field_of_all_counts_where_the_provider_has_no_name() -> None:
    """Promise that a nameless field below any other is taken for one that came with the letter."""
    passed, failed = MICROSOFT.format(dmarc="pass"), MICROSOFT.format(dmarc="fail")
    assert authenticity(make_letter(failed, passed), "").verdict is Trust.FAIL
    assert authenticity(make_letter("mx.elsewhere.example; dmarc=pass", passed), "").verdict is Trust.DOUBTFUL
    assert authenticity(make_letter(), "").verdict is Trust.DOUBTFUL
