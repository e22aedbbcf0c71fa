"""DKIM (RFC 6376): signing what goes out, and checking what came in where no receiving server did it for us.

SPF cannot be checked here: the address that a letter came from is not known once it lies in a mailbox. So a letter
without a passing signature is doubtful where its sender's domain publishes a DMARC policy (RFC 7489, 6.3), and merely
unknown where it does not.
"""

import re
from dataclasses import dataclass
from functools import partial

import dkim
import dns.exception
import dns.resolver

from consultant.accounts import Account
from consultant.errors import Permanent
from consultant.mail.authenticity import Authenticity, Trust, aligned
from consultant.settings import ConfigurationError

_SIGNED = (b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"reply-to",
           b"mime-version", b"content-type", b"content-transfer-encoding", b"auto-submitted")  # fmt: skip
_MOST_SIGNATURES = 3
"""A letter may bear hundreds; each costs a question to DNS."""
_SECONDS = 2.0
"""For each question; what a letter asks in all stays well inside `ledger.SECONDS_FOR_SCREENING`."""
_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)


class Signer:
    """Signs the letters of accounts that have a key; keys are read once, at start."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        """Read the keys; raise `ConfigurationError` for one that cannot be used."""
        self._keys: dict[str, bytes] = {}
        for account in accounts:
            if account.dkim is None:
                continue
            try:
                self._keys[account.name] = account.dkim.key_file.read_bytes()
                self(account, b"From: a@b.example\r\nDate: Thu, 26 Nov 2026 12:00:00 +0000\r\n\r\nA trial.\r\n")
            except (OSError, Permanent, ValueError) as error:
                raise ConfigurationError(
                    f"The DKIM key {account.dkim.key_file} of {account.name} cannot be used ({error}); a private RSA "
                    "key in PEM was expected."
                ) from None

    def __call__(self, account: Account, raw: bytes) -> bytes:
        """Return a letter with its signature before it; the same letter where its account has no key."""
        if account.dkim is None:
            return raw
        head = raw.partition(b"\r\n\r\n")[0]
        present = [name for name in _SIGNED if re.search(rb"(?mi)^%s:" % name, head)]
        try:
            signature = dkim.sign(
                raw,
                account.dkim.selector.encode(),
                account.dkim.domain.encode(),
                self._keys[account.name],
                canonicalize=(b"relaxed", b"relaxed"),
                include_headers=present,
            )
        except dkim.DKIMException as error:
            raise Permanent(f"The letter could not be signed: {error}.") from None
        return bytes(signature) + raw


@dataclass(frozen=True, slots=True)
class Resolver:
    """Asks DNS for TXT records; nothing where there is no answer in time."""

    nameserver: tuple[str, int] | None = None
    """Address and port; None is the system's."""

    def txt(self, name: str) -> tuple[str, ...]:
        """Return the TXT records of a name; none where there are none or nobody answers."""
        resolver = dns.resolver.Resolver(configure=self.nameserver is None)
        resolver.lifetime = _SECONDS
        if self.nameserver is not None:
            resolver.nameservers, resolver.port = [self.nameserver[0]], self.nameserver[1]
        try:
            answer = resolver.resolve(name.rstrip("."), "TXT")
        except (dns.exception.DNSException, UnicodeError):
            return ()
        return tuple(b"".join(row.strings).decode("utf-8", "replace") for row in answer)


def authenticity_of(raw: bytes, domain: str, resolver: Resolver) -> Authenticity:
    """Check the signatures of a letter, and the policy of its sender's domain where none passes."""
    if not _DOMAIN.fullmatch(domain):
        return Authenticity(Trust.UNKNOWN, "The letter names no domain that could be asked about.")
    head = raw.partition(b"\r\n\r\n")[0]
    number = min(len(re.findall(rb"(?mi)^dkim-signature:", head)), _MOST_SIGNATURES)
    for index in range(number):
        signer = _passing(raw, index, resolver)
        if signer and aligned(signer, domain):
            return Authenticity(Trust.PASS, f"A DKIM signature of {signer} passed.")
    policy = next((row for row in resolver.txt(f"_dmarc.{domain}") if row.lower().startswith("v=dmarc1")), "")
    if re.search(r"\bp\s*=\s*(?:reject|quarantine)\b", policy, re.IGNORECASE):
        return Authenticity(
            Trust.DOUBTFUL, f"{domain} asks that letters without a passing signature be refused, and this one has none."
        )
    return Authenticity(Trust.UNKNOWN, f"No signature vouches for {domain}, and it publishes no policy.")


def _passing(raw: bytes, index: int, resolver: Resolver) -> str:
    """Return the domain of a signature that passes, else nothing."""
    checked = dkim.DKIM(raw)
    try:
        if checked.verify(idx=index, dnsfunc=partial(_record, resolver)):
            return bytes(checked.domain or b"").decode("ascii", "replace").lower()
    except (dkim.DKIMException, ValueError, KeyError, IndexError, TypeError):
        # Whatever a stranger wrote into the field, it is no signature that passes.
        pass
    return ""


def _record(resolver: Resolver, name: bytes | str, timeout: float = _SECONDS) -> bytes | None:  # noqa: ARG001 - dkimpy calls it so
    found = resolver.txt(name.decode("ascii", "replace") if isinstance(name, bytes) else name)
    return found[0].encode() if found else None
