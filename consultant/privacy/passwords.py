"""Passwords of reviewers: made, hashed with Argon2id, and checked."""

import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_HASHER = PasswordHash((Argon2Hasher(),))
# Without look-alikes (0 O, 1 l I), so that a password can be read off a terminal.
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SHORTEST = 12


def random_password() -> str:
    """Return four groups of five letters, about 116 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def hash_password(password: str) -> str:
    """Return the Argon2id hash that is stored."""
    return _HASHER.hash(password)


def verify_password(password: str, stored: str) -> bool:
    """Tell whether a password fits its hash; False for a hash that cannot be read."""
    try:
        return _HASHER.verify(password, stored)
    except Exception:  # Whatever is wrong with a stored hash, the login fails and nothing else does.
        return False
