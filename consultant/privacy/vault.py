"""Seal raw letters and attachments at rest, with a key that the database never sees.

A sealed value is `header || ciphertext || tag`: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce.
The header names the format, the key and the compression, and is authenticated with the context, so that
nothing in it can be changed unseen. AES-GCM was chosen over Fernet because it takes associated data and does
not grow a letter by a third; the key's id in the header gives the rotation that MultiFernet would give.

The context ties a sealed value to its place. A row's id is not known before the insert, but its kind and the
SHA-256 of its content are (the intake ledger holds them), so `context_of` binds those: a sealed letter that
was moved to another row, or opened as an attachment, does not open.
"""

import base64
import binascii
import hashlib
import os
import secrets
import stat
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consultant.errors import Permanent

KEY_BYTES: Final = 32

_MAGIC: Final = b"CV1"
_PLAIN: Final = b"\x00"
_DEFLATED: Final = b"\x01"
_KEY_ID_BYTES: Final = 8
_NONCE_BYTES: Final = 12
_HEADER_BYTES: Final = len(_MAGIC) + 1 + _KEY_ID_BYTES
_TAG_BYTES: Final = 16

# A sample tells whether compression pays: JPEG, PDF and ZIP attachments do not shrink, and deflating 25 MB of
# them for nothing costs most of a second.
_SAMPLE_BYTES: Final = 65_536
_WORTHWHILE: Final = 0.9


class Unsealable(Permanent):
    """A sealed value does not open: its key is not held, its place is another, or its bytes were changed."""


class KeyUnusable(Permanent):
    """A key or a key file cannot be used as it is; the sentence says what to do."""


def context_of(kind: str, content: bytes) -> bytes:
    """Return the context of a value that is about to be sealed: its kind and the SHA-256 of its content."""
    return context_from_digest(kind, hashlib.sha256(content).hexdigest())


def context_from_digest(kind: str, sha256_hex: str) -> bytes:
    """Return the same context from the SHA-256 (64 hexadecimal digits) that the row holds, to open the value."""
    return f"{kind}:{sha256_hex.lower()}".encode()


class Vault:
    """Seal with the first key, open with any of the keys; safe to share between threads.

    To rotate, put the new key first and keep the old ones behind it, then `reseal` row by row; a key may go
    when `sealed_with_first` holds for every row.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise KeyUnusable("The vault got no key; give it at least one key of 32 bytes.")
        for position, key in enumerate(keys, 1):
            if len(key) != KEY_BYTES:
                raise KeyUnusable(f"Vault key {position} has {len(key)} bytes; a key has exactly {KEY_BYTES}.")
        self._first = _key_id(keys[0])
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}

    def __repr__(self) -> str:
        """Name the number of keys and nothing of them."""
        return f"<Vault with {len(self._ciphers)} key(s)>"

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Return the bytes encrypted under the first key and bound to the context; two calls never give the same."""
        compression, body = _deflate(plain)
        header = _MAGIC + compression + self._first
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return header + nonce + self._ciphers[self._first].encrypt(nonce, body, header + context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Return what was sealed under this context; raise `Unsealable` in every other case."""
        if len(sealed) < _HEADER_BYTES + _NONCE_BYTES + _TAG_BYTES or not sealed.startswith(_MAGIC):
            raise Unsealable("These bytes were not sealed by this vault, or were cut short; restore a backup.")
        header, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        cipher = self._ciphers.get(header[-_KEY_ID_BYTES:])
        if cipher is None:
            raise Unsealable(
                f"The key {header[-_KEY_ID_BYTES:].hex()} that sealed this is not among the keys of the vault; "
                "add it to the key file, behind the first."
            )
        try:
            body = cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + context)
        except InvalidTag:
            raise Unsealable(
                "The sealed bytes were changed, or belong to another row; restore them from a backup."
            ) from None
        return zlib.decompress(body) if header[len(_MAGIC) : len(_MAGIC) + 1] == _DEFLATED else body

    def reseal(self, sealed: bytes, context: bytes) -> bytes:
        """Return the same content sealed under the first key; raise `Unsealable` as `open` does."""
        return self.seal(self.open(sealed, context), context)

    def sealed_with_first(self, sealed: bytes) -> bool:
        """Tell whether the first key sealed these bytes, so that rotation has nothing to do."""
        return sealed[:_HEADER_BYTES][-_KEY_ID_BYTES:] == self._first and sealed.startswith(_MAGIC)


def load_or_create_key(path: Path) -> bytes:
    """Return the first key of the file, creating the file with a fresh key when there is none.

    Raise `KeyUnusable` when others may read the file, when it holds no key, or when it cannot be read or made.
    """
    return load_or_create_keys(path)[0]


def load_or_create_keys(path: Path) -> tuple[bytes, ...]:
    """Return every key of the file, newest first: one a line in base64, `#` starts a comment."""
    try:
        if not path.exists():
            _create(path)
        return _load(path)
    except OSError as error:
        raise KeyUnusable(
            f"The key file {path} cannot be used ({error.strerror or error}); "
            "put it into a folder that this user may write, or create it by hand with mode 0600."
        ) from None


def _load(path: Path) -> tuple[bytes, ...]:
    with path.open("rb") as file:
        # The open file is asked, not the path, so that the file that was checked is the file that is read.
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            raise KeyUnusable(f"The key file {path} may be read by others (mode {mode:04o}); run: chmod 600 {path}")
        lines = file.read(65_536).decode("ascii", "replace").splitlines()
    written = [line.split("#", 1)[0].strip() for line in lines]
    keys = tuple(_decode(line, path) for line in written if line)
    if not keys:
        raise KeyUnusable(f"The key file {path} holds no key; restore it from its backup, or remove it to start anew.")
    return keys


def _decode(line: str, path: Path) -> bytes:
    try:
        key = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnusable(f"The key file {path} has a line that is no key: a key is {KEY_BYTES} bytes in base64.")
    return key


def _create(path: Path) -> None:
    """Write a fresh key and give it its name in one step, so that no process ever reads half a key file."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    line = base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        try:
            # A hard link fails where the name exists: of two processes that start at once, one makes the key.
            os.link(draft, path)
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink(missing_ok=True)


def _key_id(key: bytes) -> bytes:
    """Return what names a key without telling anything of it."""
    return hashlib.sha256(b"consultant vault key id\x00" + key).digest()[:_KEY_ID_BYTES]


def _deflate(plain: bytes) -> tuple[bytes, bytes]:
    sample = plain[:_SAMPLE_BYTES]
    if len(plain) > _SAMPLE_BYTES and len(zlib.compress(sample, 1)) > len(sample) * _WORTHWHILE:
        return _PLAIN, plain
    deflated = zlib.compress(plain, 6)
    return (_DEFLATED, deflated) if len(deflated) <= len(plain) * _WORTHWHILE else (_PLAIN, plain)
