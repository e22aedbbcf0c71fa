"""Frozen settings: the only reader of the environment and of consultant.toml.

Later sources win: defaults, the TOML file, environment variables (`CONSULTANT_WEB__PORT=8025`). A key that is
unknown or whose value does not fit stops start-up with its name and what was expected.
"""

import ipaddress
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from consultant.accounts import Account, ImapServer, Part, Port, SmtpServer, safe_address
from consultant.errors import Permanent

DEFAULT_FILE = Path("consultant.toml")


class ConfigurationError(Permanent):
    """The configuration cannot be used; the sentence names the key and what was expected."""


class Desk(Part):
    """Who answers, as askers see it."""

    name: str = "Coding consultation desk"
    address: str = "desk@consultant.localhost"
    """The mailbox that letters are answered from."""
    time_zone: str = "America/New_York"
    """IANA name; times in letters and pages are given in it."""
    answer_within_hours: Annotated[int, Field(ge=1, le=24 * 30)] = 24
    claim_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 30
    """How long a reviewer holds a case without doing anything with it."""
    undo_seconds: Annotated[int, Field(ge=0, le=600)] = 20
    """How long after its approval a letter waits, so that its reviewer can take it back."""
    close_after_days: Annotated[int, Field(ge=1)] = 30
    """A case that is answered, or waits for its sender, closes after so many quiet days."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"an IANA time zone such as America/Chicago was expected, not {name!r}") from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The desk's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def answer_within(self) -> timedelta:
        """How soon an answer is due after a letter came."""
        return timedelta(hours=self.answer_within_hours)

    @property
    def domain(self) -> str:
        """The domain of the desk's address, which our Message-IDs end in."""
        return self.address.rpartition("@")[2].lower()


class Local(Part):
    """The embedded mail server."""

    smtp_port: Port = 8025
    imap_port: Port = 8143
    password: SecretStr = SecretStr("local")


class Delivery(Part):
    """Where a mail server may deliver letters straight in; without this part the accounts are only polled."""

    protocol: Literal["lmtp", "smtp"] = "lmtp"
    host: str = "127.0.0.1"
    port: Port = 8024
    allow_from: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    """Networks that the mail server may come from, in CIDR form."""

    @field_validator("allow_from")
    @classmethod
    def _networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for each in given:
            try:
                ipaddress.ip_network(each)
            except ValueError:
                raise ValueError(f"a network such as 10.1.0.0/16 was expected, not {each!r}") from None
        return given


class Web(Part):
    """Where the desk is served."""

    host: str = "127.0.0.1"
    port: Port = 8080
    base_url: str | None = None
    """The address that browsers use when a proxy stands in front; `https` makes cookies secure."""
    forwarded_allow_ips: str = "127.0.0.1"

    @property
    def address(self) -> str:
        """The address that browsers use, without a slash at its end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether browsers come over TLS."""
        return self.address.startswith("https://")


class Model(Part):
    """An OpenAI-compatible endpoint whose model may smooth the wording of drafts; without this part there is none."""

    url: str
    """The address that `/chat/completions` is added to, such as https://models.example.org/v1."""
    model: Annotated[str, Field(min_length=1)]
    """The name of the model, as the endpoint knows it."""
    key: SecretStr = SecretStr("")
    timeout_seconds: Annotated[float, Field(ge=1, le=30)] = 15
    """From the first byte to the last, a second try included. A case is leased for 45 seconds, so 30 are the most."""

    @field_validator("url")
    @classmethod
    def _safe_address(cls, url: str) -> str:
        return safe_address(url, "https://models.example.org/v1")

    @property
    def host(self) -> str:
        """The host, with its port where the address names one."""
        return urlsplit(self.url).netloc


class Faults(Part):
    """For `make faults` alone: kills processes at named points."""

    seed: int
    shares: dict[str, Annotated[float, Field(ge=0, le=1)]]
    """Of the times that a process passes each named point; one that is not named never kills."""
    ledger: Path
    """Gets a line for each kill."""


class Settings(BaseSettings):
    """All that an operator may set."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="CONSULTANT_",
        env_nested_delimiter="__",
    )

    folder: Path = Path("var")
    """Where keys, the embedded case store, local letters and knowledge releases live."""
    store_url: SecretStr | None = None
    """SQLAlchemy URL of the case store; None is SQLite in the folder."""
    broker_url: SecretStr = SecretStr("memory://localhost/")
    knowledge_folder: Path | None = None
    """Where releases are kept; None is `knowledge` in the folder."""
    cpt_licence: Literal["none", "licensed"] = "none"
    """Whether the operator holds a licence for the official CPT and CDT descriptors: without one they are dropped."""
    log_format: Literal["text", "json"] = "text"
    desk: Desk = Desk()
    web: Web = Web()
    local: Local | None = None
    """Given, the embedded mail server runs and is the only account."""
    accounts: tuple[Account, ...] = ()
    delivery: Delivery | None = None
    """Given, letters are also taken from a mail server that delivers them."""
    model: Model | None = None
    """Given, a language model may smooth the wording of drafts."""
    faults: Faults | None = None
    """Never given in service."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library calls by these names
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the given values, then the environment, then the TOML file."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=settings_cls.model_config.get("toml_file"))
        return init_settings, env_settings, toml

    @model_validator(mode="after")
    def _accounts_differ(self) -> Self:
        names = [account.name for account in self.accounts]
        if len(names) != len(set(names)):
            raise ValueError("accounts: every account needs a name of its own")
        return self

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the case store."""
        if self.store_url is not None:
            return self.store_url.get_secret_value()
        return f"sqlite:///{(self.folder / 'consultant.sqlite').absolute()}"

    @property
    def releases(self) -> Path:
        """The folder that holds the knowledge releases."""
        return self.knowledge_folder or self.folder / "knowledge"

    @property
    def embedded(self) -> bool:
        """Whether everything runs in one process with the embedded mail server."""
        return self.local is not None

    def all_accounts(self) -> tuple[Account, ...]:
        """Return the accounts to read: the configured ones, or the embedded server's desk account."""
        if self.local is None:
            return self.accounts
        login: dict[str, Any] = {
            "host": "127.0.0.1",
            "tls": "none",
            "username": self.desk.address,
            "password": self.local.password,
        }
        imap = ImapServer(port=self.local.imap_port, poll_seconds=10, **login)
        smtp = SmtpServer(port=self.local.smtp_port, **login)
        return (Account(name="local", address=self.desk.address, imap=imap, smtp=smtp, plus_addresses=True),)


def load(file: Path | None = None, given: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings, or raise `ConfigurationError` with one sentence for each key that does not fit.

    `file` is the TOML file; without it `CONSULTANT_CONFIG` names it, or `consultant.toml` where there is one.
    """
    path = file or (Path(named) if (named := os.environ.get("CONSULTANT_CONFIG")) else None)
    if path is not None and not path.is_file():
        raise ConfigurationError(f"The configuration file {path} does not exist; name one that does, or leave it out.")
    chosen = path or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=chosen)

    try:
        return FromFile(**dict(given or {}))
    except ValidationError as error:
        raise ConfigurationError(_sentences(error, chosen)) from None
    except (ValueError, OSError) as error:
        raise ConfigurationError(
            f"The configuration {chosen or 'in the environment'} cannot be read: {error}."
        ) from None


def _sentences(error: ValidationError, path: Path | None) -> str:
    where = f" in {path} or the environment" if path else " in the environment"
    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in problem["loc"]) or "the file"
        expected = {
            "extra_forbidden": "there is no such key; remove it or correct its spelling",
            "missing": "a value is required here",
        }.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        lines.append(f"{key}{where}: {expected}.")
    return " ".join(lines)
