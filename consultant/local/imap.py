"""The embedded IMAP server: pymap's in-memory backend over letters that are kept on disk.

Every address is an account of its own, with its address as login and the one local password. What a client appends,
copies, moves, renames or deletes is done to the files first. Flags live in memory and are gone after a restart, and a
restart gives every folder a higher UIDVALIDITY.
"""

import asyncio
import ssl
from argparse import Namespace
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login, Session
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet, Message
from pymap.exceptions import InvalidAuth
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ObjectId
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.creds.server import ServerCredentials
from pysasl.hashing import Cleartext

from consultant import clock
from consultant.local.letters import INBOX, Letters, StoredLetter, file_name

REFUSAL_SECONDS = 0.3


def account_name(login: str) -> str:
    """Return the account that a login or a recipient means; raises `ValueError` when it cannot be an address."""
    name = login.lower()
    local, at, domain = name.rpartition("@")
    if not (local and at and domain) or not name.isprintable() or " " in name:
        raise ValueError("an address such as asker@practice.localhost was expected")
    file_name(name)
    return name


class KeptMailbox(MailboxData):
    """One mailbox whose letters are files."""

    def __init__(self, owner: "KeptMailboxes", name: str) -> None:
        """Begin empty, with a UIDVALIDITY that this folder never had."""
        super().__init__(owner._content_cache, owner._thread_cache)
        self.owner = owner
        self.name = name
        self.files: dict[int, Path] = {}
        self._uid_validity = owner.letters.new_validity()

    async def load(self, letter: StoredLetter) -> None:
        """Show a letter that already lies on disk."""
        await self._show(AppendMessage(letter.raw, letter.received_at), letter.path, recent=False)

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        """Write the letter, then show it, which wakes clients that idle."""
        when = append_msg.when or clock.now()
        raw = bytes(append_msg.literal)
        path = await asyncio.to_thread(self.owner.letters.keep, self.owner.address, self.name, raw, when)
        return await self._show(replace(append_msg, literal=raw, when=when), path, recent=recent)

    async def _show(self, letter: AppendMessage, path: Path, *, recent: bool) -> Message:
        message = await super().append(letter, recent=recent)
        self.files[message.uid] = path
        return message

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        """Write a second file, then copy in memory."""
        path = self.files.get(uid)
        if path is None or not isinstance(destination, KeptMailbox):
            return None
        message = self._messages[uid]
        raw = await asyncio.to_thread(path.read_bytes)
        owner = destination.owner
        second = await asyncio.to_thread(
            owner.letters.keep, owner.address, destination.name, raw, message.internal_date
        )
        copied = await super().copy(uid, destination, recent=recent)
        if copied is not None:
            destination.files[copied] = second
        return copied

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        """Move the file, then move in memory."""
        path = self.files.pop(uid, None)
        if path is None or not isinstance(destination, KeptMailbox):
            return None
        owner = destination.owner
        target = await asyncio.to_thread(owner.letters.move, path, owner.address, destination.name)
        moved = await super().move(uid, destination, recent=recent)
        if moved is not None:
            destination.files[moved] = target
        return moved

    async def delete(self, uids: Iterable[int]) -> None:
        """Remove the files, then the letters in memory."""
        gone = list(uids)
        for uid in gone:
            path = self.files.pop(uid, None)
            if path is not None:
                await asyncio.to_thread(self.owner.letters.remove, path)
        await super().delete(gone)


class KeptMailboxes(MailboxSet):
    """The mailboxes of one address."""

    def __init__(self, letters: Letters, address: str) -> None:
        """Begin with an empty INBOX; `load` shows what lies on disk."""
        super().__init__()
        self.letters = letters
        self.address = address
        self._inbox: KeptMailbox = KeptMailbox(self, INBOX)

    @property
    def inbox(self) -> KeptMailbox:
        """The mailbox that new letters come to."""
        return self._inbox

    async def load(self) -> None:
        """Show every mailbox and letter that lies on disk."""
        for name in self.letters.mailboxes(self.address):
            mailbox = self._inbox
            if name != INBOX:
                mailbox = KeptMailbox(self, name)
                self._set[name] = mailbox
            for letter in self.letters.letters(self.address, name):
                await mailbox.load(letter)

    async def add_mailbox(self, name: str) -> ObjectId:
        """Make a mailbox; raises `ValueError` when there is one of this name or the name cannot be kept."""
        if name in self._set or name.upper() == INBOX:
            raise ValueError(name)
        self.letters.create(self.address, name)
        mailbox = KeptMailbox(self, name)
        self._set[name] = mailbox
        return mailbox.mailbox_id

    async def delete_mailbox(self, name: str) -> None:
        """Remove a mailbox with its letters; raises `KeyError` when there is none."""
        await super().delete_mailbox(name)
        self.letters.delete(self.address, name)

    async def rename_mailbox(self, before: str, after: str) -> None:
        """Rename a mailbox and those below it; raises `KeyError` or `ValueError` as pymap expects."""
        kept = {id(mailbox): mailbox for mailbox in [self._inbox, *self._set.values()]}
        await super().rename_mailbox(before, after)
        for name, mailbox in self._set.items():
            if not isinstance(mailbox, KeptMailbox) or id(mailbox) not in kept or mailbox.name == name:
                continue
            self.letters.create(self.address, mailbox.name)
            self.letters.rename(self.address, mailbox.name, name)
            folder = self.letters.folder / file_name(self.address) / file_name(name)
            mailbox.files = {uid: folder / path.name for uid, path in mailbox.files.items()}
            mailbox.name = name
        if before.upper() == INBOX:
            # Renaming INBOX moves its letters and leaves an empty INBOX (RFC 9051, 6.3.6).
            self._inbox = KeptMailbox(self, INBOX)


class Accounts:
    """Every address's mailboxes, made when an address is first seen."""

    def __init__(self, letters: Letters) -> None:
        """Begin without any; `load` shows what lies on disk."""
        self._letters = letters
        self._of: dict[str, KeptMailboxes] = {}

    async def load(self) -> None:
        """Show every letter that lies on disk."""
        for address in self._letters.addresses():
            await self.of(address).load()

    def of(self, address: str) -> KeptMailboxes:
        """Return an address's mailboxes; raises `ValueError` when it is no address."""
        name = account_name(address)
        if name not in self._of:
            self._of[name] = KeptMailboxes(self._letters, name)
        return self._of[name]

    async def deliver(self, address: str, raw: bytes, when: datetime) -> None:
        """Put a letter into an address's INBOX; it is on disk when this returns."""
        await self.of(address).inbox.append(AppendMessage(raw, when), recent=True)


class _Config(Config):
    @property
    def tls_auth(self) -> SASLAuth:
        return SASLAuth.named([b"PLAIN", b"LOGIN"])

    @property
    def greeting(self) -> bytes:
        return b"Consultant local mail is ready."


class _Identity(Identity):
    accounts: Accounts

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        yield Session(self.name, self.config, self.accounts.of(self.name), FilterSet())


class _Login(Login):
    def __init__(self, config: Config, accounts: Accounts, password: str) -> None:
        super().__init__(config)
        self._accounts = accounts
        self._password = password

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        login = credentials.authcid
        try:
            address = account_name(login)
        except ValueError:
            raise InvalidAuth from None
        if not credentials.verify(UserMetadata(self.config, login, password=self._password)):
            await asyncio.sleep(REFUSAL_SECONDS)
            raise InvalidAuth
        identity = _Identity(address, self, None, frozenset())
        identity.accounts = self._accounts
        return identity

    async def authorize(self, authenticated: object, authzid: str) -> Identity:
        """Let everybody act as themselves only, whatever case they write their address in."""
        if not isinstance(authenticated, _Identity) or authzid.lower() != authenticated.name:
            raise InvalidAuth
        return authenticated


class _WholeAnswers(StreamWriter):
    """Sends an answer as one packet; pymap writes it in a dozen pieces, and some clients take one for a lost line."""

    def __init__(self, inner: StreamWriter) -> None:
        super().__init__(inner.transport, inner.transport.get_protocol(), None, asyncio.get_running_loop())
        self._pieces = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._pieces += data

    def writelines(self, data: Iterable[bytes | bytearray | memoryview]) -> None:
        for piece in data:
            self.write(piece)

    async def drain(self) -> None:
        self._send()
        await super().drain()

    def close(self) -> None:
        self._send()
        super().close()

    def _send(self) -> None:
        if self._pieces:
            super().write(bytes(self._pieces))
            self._pieces.clear()


def imap_server(
    accounts: Accounts, password: str, size_limit: int
) -> Callable[[StreamReader, StreamWriter], Awaitable[None]]:
    """Return what serves one connection, for `asyncio.start_server`; `size_limit` is in bytes, for APPEND."""
    config = _Config(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        demo_data=False,
        demo_user="",
        demo_password="",
        host=None,
        port=0,
        tls_enabled=False,
        # Never used without TLS; given so that no certificate store is read.
        ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        hash_context=Cleartext(),
        max_append_len=size_limit,
    )
    server = IMAPServer(_Login(config, accounts, password), config)

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(ConnectionError):
            await server(reader, _WholeAnswers(writer), SocketInfo.get(writer, ProxyResultLocal()))

    return serve
