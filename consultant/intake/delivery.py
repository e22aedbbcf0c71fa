"""Letters that a mail server hands over: into the ledger at once, and answered only when they are there."""

from consultant.accounts import Account
from consultant.intake.poller import arrival
from consultant.mail.charsets import clean_line
from consultant.mail.thread import base_address
from consultant.parts import Parts
from consultant.records import ledger

_RETURN_PATH = 500


class Door:
    """What the delivery server asks: whom letters are for, and to keep them."""

    def __init__(self, parts: Parts) -> None:
        """Keep the parts that letters are entered with."""
        self._parts = parts

    def knows(self, address: str) -> bool:
        """Tell whether a recipient is one of our accounts, with or without a case in its sub-address."""
        return self._account(address) is not None

    def take(self, raw: bytes, sender: str, recipient: str) -> None:
        """Write a letter into the ledger; raises `Transient` when the store cannot be reached, and keeps nothing then.

        The envelope sender is kept as Return-Path, which the delivering server owes (RFC 5321, 4.4).
        """
        parts, account = self._parts, self._account(recipient)
        assert account is not None
        traced = f"Return-Path: <{clean_line(sender)[:_RETURN_PATH]}>\r\n".encode("utf-8", "replace") + raw
        with parts.store.begin() as tx:
            fresh = ledger.enter(tx, account.name, "", 0, [arrival(traced, parts.vault, None)], parts.now())
        parts.nudge.receive(*fresh)

    def _account(self, address: str) -> Account | None:
        accounts = self._parts.settings.all_accounts()
        return next(
            (each for each in accounts if each.address.lower() in (base_address(address), address.lower())), None
        )
