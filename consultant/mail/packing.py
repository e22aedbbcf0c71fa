"""A letter as plain JSON and a list of byte strings, for the way between the limited child and its parent.

The parent builds values from it and nothing else: a child that a hostile letter took over can lie about the letter,
and cannot make its parent run anything, which it could if the two spoke pickle.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from consultant.mail.letter import Address, Attachment, Letter


def pack(letter: Letter) -> tuple[bytes, list[bytes]]:
    """Return the letter as JSON in ASCII, and the contents of its attachments in their order."""
    contents: list[bytes] = []
    return json.dumps(_plain(letter, contents)).encode("ascii"), contents


def _plain(letter: Letter, contents: list[bytes]) -> dict[str, Any]:
    fields = {name: getattr(letter, name) for name in letter.__dataclass_fields__}
    fields["date"] = letter.date.isoformat() if letter.date else None
    fields["sender"] = asdict(letter.sender) if letter.sender else None
    for name in ("senders", "reply_to", "to", "cc"):
        fields[name] = [asdict(address) for address in fields[name]]
    fields["attachments"] = []
    for attachment in letter.attachments:
        fields["attachments"].append({**asdict(attachment), "content": len(contents)})
        contents.append(attachment.content)
    fields["forwarded"] = [_plain(each, contents) for each in letter.forwarded]
    return fields


def unpack(packed: bytes, contents: list[bytes]) -> Letter:
    """Return the letter again; raise `ValueError`, `KeyError` or `TypeError` where the bytes are no packed letter."""
    return _letter(json.loads(packed), contents)


def _letter(fields: dict[str, Any], contents: list[bytes]) -> Letter:
    return Letter(
        **{
            **fields,
            "date": datetime.fromisoformat(fields["date"]) if fields["date"] else None,
            "sender": Address(**fields["sender"]) if fields["sender"] else None,
            **{name: tuple(Address(**row) for row in fields[name]) for name in ("senders", "reply_to", "to", "cc")},
            **{name: tuple(fields[name]) for name in ("in_reply_to", "references", "defects")},
            "headers": tuple((name, value) for name, value in fields["headers"]),
            "attachments": tuple(
                Attachment(**{**row, "content": contents[row["content"]]}) for row in fields["attachments"]
            ),
            "forwarded": tuple(_letter(each, contents) for each in fields["forwarded"]),
        }
    )
