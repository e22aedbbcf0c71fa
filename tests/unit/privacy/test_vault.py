"""What is sealed opens only with its key, in its place and unchanged."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultant.privacy.vault import (
    KeyUnusable,
    Unsealable,
    Vault,
    context_from_digest,
    context_of,
    load_or_create_key,
    load_or_create_keys,
)

OLD, NEW = b"o" * 32, b"n" * 32


@given(plain=st.binary(max_size=300), context=st.binary(max_size=40))
def test_what_was_sealed_opens_in_its_place(plain: bytes, context: bytes) -> None:
    """Any bytes come back as they were, and no two sealings look alike."""
    vault = Vault([NEW])
    sealed = vault.seal(plain, context)
    assert vault.open(sealed, context) == plain
    assert vault.seal(plain, context) != sealed


def test_a_sealed_letter_shows_nothing_of_its_text() -> None:
    """Whoever steals the database reads no letter."""
    plain = b"Testa Sampleton, DOB 3/4/1951. " * 40
    sealed = Vault([NEW]).seal(plain, b"letter")
    assert b"Sampleton" not in sealed
    assert len(sealed) < len(plain)


def test_what_does_not_shrink_is_sealed_as_it_is() -> None:
    """An image costs its own size and a header of 40 bytes."""
    plain = os.urandom(100_000)
    assert len(Vault([NEW]).seal(plain, b"")) == len(plain) + 40


@pytest.mark.parametrize("position", [0, 3, 5, 11, 12, 30, -1])
def test_a_changed_byte_is_noticed_wherever_it_is(position: int) -> None:
    """Magic, compression, key id, nonce, text and tag are all under the seal."""
    vault = Vault([NEW])
    sealed = bytearray(vault.seal(b"x" * 50, b"letter:1"))
    sealed[position] ^= 1
    with pytest.raises(Unsealable):
        vault.open(bytes(sealed), b"letter:1")


def test_a_letter_moved_to_another_row_does_not_open() -> None:
    """The context binds a sealed value to its kind and content."""
    vault = Vault([NEW])
    sealed = vault.seal(b"one", context_of("letter", b"one"))
    with pytest.raises(Unsealable, match="another row"):
        vault.open(sealed, context_of("letter", b"two"))
    with pytest.raises(Unsealable):
        vault.open(sealed, context_of("attachment", b"one"))


def test_the_context_can_be_told_from_the_ledgers_digest() -> None:
    """To open a letter, the SHA-256 in its row is enough."""
    digest = "7692C3AD3540BB803C020B3AEE66CD8887123234EA0C6E7143C0ADD73FF431ED"
    assert context_of("letter", b"one") == context_from_digest("letter", digest)


@pytest.mark.parametrize("sealed", [b"", b"CV1", b"plain text", b"CV1" + bytes(20)])
def test_bytes_that_were_never_sealed_are_refused(sealed: bytes) -> None:
    """A truncated or foreign value says so instead of raising something of a library's."""
    with pytest.raises(Unsealable):
        Vault([NEW]).open(sealed, b"")


def test_rotation_opens_old_letters_and_seals_with_the_new_key() -> None:
    """A new key goes in front; nothing has to be re-sealed at once."""
    sealed = Vault([OLD]).seal(b"text", b"c")
    both = Vault([NEW, OLD])
    assert both.open(sealed, b"c") == b"text"
    assert not both.sealed_with_first(sealed)
    fresh = both.reseal(sealed, b"c")
    assert both.sealed_with_first(fresh)
    assert Vault([NEW]).open(fresh, b"c") == b"text"
    with pytest.raises(Unsealable, match="not among the keys"):
        Vault([NEW]).open(sealed, b"c")


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, b""]])
def test_keys_of_the_wrong_length_stop_the_start(keys: list[bytes]) -> None:
    """A vault that could not seal is never built."""
    with pytest.raises(KeyUnusable):
        Vault(keys)


def test_a_vault_does_not_print_its_keys() -> None:
    """A traceback or a log line shows how many keys there are, not which."""
    assert repr(Vault([NEW, OLD])) == "<Vault with 2 key(s)>"


def test_the_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """The second start reads the key of the first."""
    path = tmp_path / "vault.key"
    key = load_or_create_key(path)
    assert len(key) == 32
    assert load_or_create_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["vault.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """The sentence names the file and the command that mends it."""
    path = tmp_path / "vault.key"
    load_or_create_key(path)
    path.chmod(mode)
    with pytest.raises(KeyUnusable, match=rf"chmod 600 {path}"):
        load_or_create_key(path)


@pytest.mark.parametrize("content", ["", "# nothing\n", "not base64!\n", "c2hvcnQ=\n"])
def test_a_key_file_without_a_key_is_never_overwritten(tmp_path: Path, content: str) -> None:
    """A damaged key file stays as it is: a new key would make every letter unreadable for good."""
    path = tmp_path / "vault.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyUnusable):
        load_or_create_key(path)
    assert path.read_text() == content


def test_a_key_file_may_hold_older_keys_behind_the_first(tmp_path: Path) -> None:
    """One key a line, newest first, comments allowed."""
    first, second = tmp_path / "a", tmp_path / "b"
    keys = load_or_create_key(first), load_or_create_key(second)
    first.write_text(first.read_text() + "# until 2026\n" + second.read_text())
    assert load_or_create_keys(first) == keys


def test_a_folder_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    """No traceback of the operating system reaches the operator."""
    with pytest.raises(KeyUnusable, match="cannot be used"):
        load_or_create_key(tmp_path / "missing" / "vault.key")
