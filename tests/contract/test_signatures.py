"""DKIM with a real key and a real DNS server on loopback: what we sign passes, and what came in is judged by it."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.message
import dns.rdatatype
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from consultant.accounts import Account
from consultant.gateways.signatures import Resolver, Signer, authenticity_of
from consultant.mail.authenticity import Trust
from consultant.settings import ConfigurationError
from tests.builders import make_letter

DOMAIN = "clinic.example"


@contextmanager
def name_server(records: dict[str, str]) -> Iterator[Resolver]:
    """Answer TXT questions from a table, over UDP."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.1)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                asked, peer = sock.recvfrom(4096)
            except TimeoutError:
                continue
            query = dns.message.from_wire(asked)
            reply = dns.message.make_response(query)
            name = query.question[0].name
            if (text := records.get(name.to_text(omit_final_dot=True))) is not None:
                pieces = " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
                reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", pieces))
            sock.sendto(reply.to_wire(), peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Resolver(sock.getsockname())
    finally:
        stop.set()
        thread.join(5)
        sock.close()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def account(tmp_path: Path, key: rsa.RSAPrivateKey) -> Account:
    path = tmp_path / "key.pem"
    form = serialization.PrivateFormat.TraditionalOpenSSL
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    server = {"host": "127.0.0.1", "port": 1, "tls": "none"}
    return Account.model_validate(
        {
            "name": "main",
            "address": f"desk@{DOMAIN}",
            "imap": server,
            "smtp": server,
            "dkim": {"domain": DOMAIN, "selector": "desk", "key_file": path},
        }
    )


def published(key: rsa.RSAPrivateKey) -> dict[str, str]:
    pem = (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
    return {f"desk._domainkey.{DOMAIN}": "v=DKIM1; k=rsa; p=" + re.sub(r"-----.*?-----|\s", "", pem)}


def test_what_was_signed_passes(account: Account, key: rsa.RSAPrivateKey) -> None:
    signed = Signer((account,))(account, make_letter())
    assert signed.startswith(b"DKIM-Signature:")
    assert signed.endswith(make_letter())
    with name_server(published(key)) as resolver:
        assert authenticity_of(signed, DOMAIN, resolver).verdict is Trust.PASS


def test_a_changed_letter_does_not_pass_and_is_doubtful_by_its_domain_s_policy(
    account: Account, key: rsa.RSAPrivateKey
) -> None:
    changed = Signer((account,))(account, make_letter()).replace(b"0.4 cm", b"4.0 cm")
    with name_server(published(key) | {f"_dmarc.{DOMAIN}": "v=DMARC1; p=reject"}) as resolver:
        assert authenticity_of(changed, DOMAIN, resolver).verdict is Trust.DOUBTFUL
    with name_server(published(key)) as resolver:
        assert authenticity_of(changed, DOMAIN, resolver).verdict is Trust.UNKNOWN


def test_a_signature_of_another_domain_vouches_for_nobody_else(account: Account, key: rsa.RSAPrivateKey) -> None:
    signed = Signer((account,))(account, make_letter())
    with name_server(published(key) | {"_dmarc.bank.example": "v=DMARC1; p=quarantine"}) as resolver:
        assert authenticity_of(signed, "bank.example", resolver).verdict is Trust.DOUBTFUL


@pytest.mark.parametrize(
    "field", [b"DKIM-Signature: \r\n", b"DKIM-Signature: v=1; a=rsa-sha256; b=\xff\x00; d=;;\r\n" * 300]
)
def test_whatever_stands_in_the_field_nothing_is_raised(field: bytes) -> None:
    with name_server({}) as resolver:
        assert authenticity_of(field + make_letter(), DOMAIN, resolver).verdict is Trust.UNKNOWN


def test_a_key_that_cannot_be_used_stops_start_up_with_its_name(account: Account) -> None:
    assert account.dkim is not None
    account.dkim.key_file.write_text("no key")
    with pytest.raises(ConfigurationError, match=r"key\.pem of main"):
        Signer((account,))


def test_an_account_without_a_key_signs_nothing(account: Account) -> None:
    plain = account.model_copy(update={"dkim": None})
    assert Signer((plain,))(plain, b"x") == b"x"
