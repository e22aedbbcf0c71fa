"""A certificate authority and a server certificate for a mail server that the desk is tried out with."""

import ipaddress
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from consultant import clock

VALID = timedelta(days=825)
"""What mail clients take at most."""
PASSWORD = b"trial"


def write_certificates(host: str, into: Path) -> tuple[Path, Path]:
    """Write ca.pem and server.p12 (password "trial") for a host name or address; return both paths.

    The authority's own key is thrown away, so that the file vouches for this one server and nothing else.
    """
    into.mkdir(parents=True, exist_ok=True)
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate("Consultant trial authority", authority_key, None, authority_key, host=None)
    server = _certificate(host, server_key, authority, authority_key, host=host)
    ca_file, keystore = into / "ca.pem", into / "server.p12"
    ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    keystore.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"server", server_key, server, [authority], serialization.BestAvailableEncryption(PASSWORD)
        )
    )
    # Another container's user has to read the keystore; the password is no secret.
    keystore.chmod(0o644)
    return ca_file, keystore


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    host: str | None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = clock.now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if host is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(host)]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
