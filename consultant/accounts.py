"""Mail accounts as an operator sets them: servers, logins, tokens, keys."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

Port = Annotated[int, Field(ge=1, le=65535)]
Tls = Literal["implicit", "starttls", "none"]


def is_loopback(host: str) -> bool:
    """Tell whether the name can only mean this machine: `localhost`, or an address of 127.0.0.0/8 or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def safe_address(url: str, example: str) -> str:
    """Return an HTTP address without a slash at its end; raise `ValueError` for one that would leak what it is sent."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment or parts.username:
        raise ValueError(f"an address such as {example} was expected, without a login in it")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("plain http is allowed on 127.0.0.1, ::1 and localhost only; write https")
    return url.rstrip("/")


class Part(BaseModel):
    """A block of the settings: frozen, and no key in it is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Server(Part):
    """A mail server and the login on it."""

    host: str
    port: Port
    tls: Tls = "implicit"
    """`none` is refused except on loopback."""
    username: str = ""
    password: SecretStr = SecretStr("")
    timeout_seconds: Annotated[float, Field(gt=0)] = 60
    ca_file: Path | None = None
    """Certificates of a private authority that TLS is verified with, in PEM; None is the system's store."""


class ImapServer(Server):
    """Where letters are read."""

    port: Port = 993
    folder: str = "INBOX"
    processed_folder: str | None = None
    """Letters move here once they are in the ledger; None leaves them where they are."""
    sent_folders: tuple[str, ...] = ("Sent", "Sent Items", "Sent Mail", "[Gmail]/Sent Mail", "[Gmail]/All Mail")
    """Where the self-copy of an uncertain letter is looked for."""
    poll_seconds: Annotated[float, Field(gt=0)] = 30
    """How long to wait between looks, with IDLE or without."""


class SmtpServer(Server):
    """Where letters go out."""

    port: Port = 465
    dot_timeout_seconds: Annotated[float, Field(gt=0)] = 600
    """How long to wait for the reply to the final dot (RFC 5321, 4.5.3.2.6)."""


class Dkim(Part):
    """A key that the letters of an account are signed with (RFC 6376)."""

    domain: str
    selector: str
    key_file: Path
    """A private RSA key in PEM; its public half stands in DNS at SELECTOR._domainkey.DOMAIN."""


class OAuth(Part):
    """OAuth 2 for one account (RFC 6749): its servers are logged in to with an access token, by XOAUTH2."""

    token_url: str
    """Such as https://login.microsoftonline.com/TENANT/oauth2/v2.0/token or https://oauth2.googleapis.com/token."""
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: SecretStr = SecretStr("")
    scope: str = ""
    grant: Literal["refresh_token", "client_credentials"] = "refresh_token"
    refresh_token: SecretStr = SecretStr("")
    """The first one; those that the server gives in exchange are kept, sealed, in the case store."""
    refresh_token_days: Annotated[int, Field(ge=1)] | None = None
    """How long the server lets a refresh token live; None where it does not end by itself."""
    warn_days: Annotated[int, Field(ge=1)] = 7
    """So many days before its end the desk begins to say so."""

    @field_validator("token_url")
    @classmethod
    def _safe_address(cls, url: str) -> str:
        return safe_address(url, "https://oauth2.googleapis.com/token")

    @model_validator(mode="after")
    def _can_begin(self) -> Self:
        given = self.refresh_token if self.grant == "refresh_token" else self.client_secret
        if not given.get_secret_value():
            name = "refresh_token" if self.grant == "refresh_token" else "client_secret"
            raise ValueError(f"the grant {self.grant} needs {name}")
        return self

    @property
    def host(self) -> str:
        """The host of the authorization server, with its port where the address names one."""
        return urlsplit(self.token_url).netloc


class Account(Part):
    """One mailbox that the desk reads and answers from."""

    name: str
    address: str
    imap: ImapServer
    smtp: SmtpServer
    oauth: OAuth | None = None
    """Given, both servers are logged in to with an access token instead of the password."""
    authserv_id: str | None = None
    """The name that our own mail server writes into Authentication-Results (RFC 8601, 2.2); None believes none.

    Empty for a provider that writes the field without a name, as Microsoft 365 does: its topmost field is believed.
    """
    plus_addresses: bool = False
    """True when this account was proved to take letters to sub-addresses (RFC 5233), as desk+word@example.org: our
    letters then ask for replies to one that bears the case's token."""
    per_minute: Annotated[int, Field(ge=1)] | None = None
    """How many letters the account sends in a minute; None has no limit."""
    per_minute_and_domain: Annotated[int, Field(ge=1)] | None = None
    """How many of them go to one domain."""
    check_signatures: bool = False
    """Without an authserv_id: ask DNS for the keys of DKIM signatures and for DMARC policies."""
    dkim: Dkim | None = None
    """Given, letters are signed; leave it out where the account's own server does."""
    quiet_hours: Annotated[int, Field(ge=1)] | None = None
    """After so many hours without a letter the desk alerts its operator, though nothing failed; None never does."""
    files_sent_copies: bool = False
    """True when this account was proved to file a copy of all that it submits."""
