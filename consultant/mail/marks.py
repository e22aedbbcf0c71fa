"""The lines by which mail programs and people mark quotes and signatures, as tests of lines; `phrases` has the tables.

Every test looks at one line (or at most four joined ones) of bounded length, so that none can be made slow.
"""

import re

from consultant.mail import phrases

MAX_LINE = 500

_PAIRS = tuple(
    (re.compile(rf"^[>\s*]*+(?:{start})", re.I), re.compile(rf"(?:{end})\s*$", re.I))
    for start, end in phrases.INTRODUCTIONS.values()
)
_BARE = re.compile(
    r"^\s*+(?:\S+ ){0,5}<[^<>@\s]+@[^<>\s]+>\s*(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef)\s?:\s*$",
    re.I,
)
_WHEN = re.compile(r"\d{1,2}[:.h：]\d{2}|\b\d{4}(?:\b|年)|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
# Beginning at the "@" keeps the search linear.
_MAIL = re.compile(r"(?<=[^\s<>@])@[^\s<>@]+\.[a-zA-Z]")

_ROLES = ("from", "date", "to", "subject", "copy")
_NAMES: dict[str, set[tuple[str, str]]] = {}
for _language, _names in phrases.BLOCKS.items():
    for _role, _alternatives in zip(_ROLES, _names, strict=True):
        for _name in _alternatives.split("|"):
            _NAMES.setdefault(_name, set()).add((_language, _role))
_FIELD = re.compile(r"^[>\s]*+\*?([^\W\d_][^\W\d_ \-]{0,1}(?:[^\W\d_]|[ \-]){0,16}?)\s?\*?\s?[:：]\*?\s*(.*)$")

_RULE = re.compile(r"_{10,}|-{10,}|\*{10,}|={10,}")

# "> 50% of time" and ">0.5 cm" are comparisons that coders write; "> 2. Which site?" is a quoted list.
_COMPARISON = re.compile(r"\s*>\s?(?:=\s?)?[$]?\d(?!\d*[.)](?:\s|$))")

_CODE = re.compile(r"\b(?:\d{4}[0-9TFU]|[A-HJ-V]\d{4}|[A-TV-Z]\d[0-9AB]\.?[0-9A-Z]{0,4})\b")
_PLACE = re.compile(r"\b[A-Z]{2}\.? \d{5}(?:-\d{4})?\b")
_PHONE_NUMBER = re.compile(r"(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|\b555[-. ]\d{4}\b")
_ASKS_TO_LOOK = (
    r"(?:please |pls |kindly )?(?:see|read|review|advise(?: on)?|help with|look at)"
    r"[^.!?]{0,40}\b(?:below|attached|thread|this)\b[^.!?]{0,30}"
)
_POINTER = re.compile(
    r"^[\W_]*(?:(?:hi|hello|dear|good (?:morning|afternoon))\b[^.!?\n]{0,40}[,.!]?\s*)?(?:"
    + _ASKS_TO_LOOK
    + r"|fyi|fwd?|forwarding|(?:any )?thoughts|(?:please|pls) advise)[\W_]*(?:thanks?(?: you)?[\W_]*)?$",
    re.I,
)


def is_quote(line: str) -> bool:
    """Tell whether the line begins as quoted lines do (it may still be a comparison)."""
    return line.lstrip().startswith(">")


def is_comparison(line: str) -> bool:
    """Tell whether the line begins with "greater than" and a figure, as in "> 50% of time"."""
    return bool(_COMPARISON.match(line))


def is_forward(line: str) -> bool:
    """Tell whether the line says that a forwarded letter follows."""
    if len(line) > MAX_LINE:
        return False
    core = _between_dashes(line)
    return (
        core in phrases.FORWARD
        or core.startswith("forwarded by ")
        or _colon(line.strip("> \t").lower()) in phrases.BEGIN_FORWARD
    )


def is_original(line: str) -> bool:
    """Tell whether the line is "-----Original Message-----" in one of the languages."""
    return len(line) <= MAX_LINE and _between_dashes(line) in phrases.ORIGINAL


def is_rule(line: str) -> bool:
    """Tell whether the line is a drawn rule, as Outlook sets above an older letter."""
    return len(line) <= MAX_LINE and bool(_RULE.fullmatch(line.strip()))


def introduction(lines: list[str], start: int) -> int:
    """Return how many lines (1 to 4) from `start` on introduce a quote ("On ... wrote:"), or 0."""
    if len(lines[start]) <= MAX_LINE and _BARE.match(lines[start]):
        return 1
    # Every end is a colon, and asking for it first spares most lines the search.
    count = next((i for i, line in enumerate(lines[start : start + 4], 1) if line.rstrip().endswith((":", "："))), 0)
    held = lines[start : start + count]
    if not count or any(not line.strip() or len(line) > MAX_LINE for line in held):
        return 0
    joined = " ".join(line.strip() for line in held)
    for begins, ends in _PAIRS:
        if begins.match(held[0]) and ends.search(joined):
            # A line further down that begins so, too, is the introduction, and what stands above it is text.
            later = any(begins.match(line) and _WHEN.search(" ".join(held[i:])) for i, line in enumerate(held[1:], 1))
            return count if not later and (_WHEN.search(joined) or _MAIL.search(joined)) else 0
    return 0


def names_a_mailbox(text: str) -> bool:
    """Tell whether an address of a mailbox stands in the text."""
    return bool(_MAIL.search(text[: 4 * MAX_LINE]))


def header_block(lines: list[str], start: int, *, marked: bool = False) -> int:
    """Return how many lines from `start` on are a copied header block (From, Sent, To, Subject), or 0.

    Below a line that says that a letter follows (`marked`) any field may be the first: Thunderbird's is Subject.

    One "From:" is not enough ("From: the operative note ..."): three fields of one language must follow each
    other, a date among them, and the block must name a mailbox or a time of day.
    """
    first = {role for _, role in _roles(lines[start])}
    if not first or ("from" not in first and not marked):
        return 0
    seen: dict[str, set[str]] = {}
    last = gap = 0
    for count, line in enumerate(lines[start : start + 16], 1):
        roles = _roles(line)
        fresh = {language for language, role in roles if role not in seen.get(language, set()) or role == "copy"}
        if fresh:
            for language, role in roles:
                seen.setdefault(language, set()).add(role)
            last, gap = count, 0
        else:
            gap += 1
            if gap > 2 or (not line.strip() and last >= 4):
                break
    block = "\n".join(line[:MAX_LINE] for line in lines[start : start + last])
    whole = any({"from", "date"} <= roles and len(roles & {"to", "subject"}) for roles in seen.values())
    return last if whole and (_MAIL.search(block) or re.search(r"\d{1,2}[:.h]\d{2}", block)) else 0


def is_separator(line: str) -> bool:
    """Tell whether the line is the signature separator of RFC 3676, 4.3, or the same with its blank lost."""
    return line in ("-- ", "--", "-- \u00a0")


def is_phone_line(line: str) -> bool:
    """Tell whether a phone or mail program added the line ("Sent from my iPhone")."""
    return len(line) <= 160 and "?" not in line and bool(phrases.PHONE.match(line.strip()))


def is_closing(line: str) -> bool:
    """Tell whether the line is a complimentary close and nothing else ("Best regards,")."""
    return len(line) <= 80 and bool(phrases.CLOSING.match(line.strip()))


def is_notice(line: str) -> bool:
    """Tell whether a confidentiality notice begins with the line."""
    return bool(phrases.NOTICE.match(line[:MAX_LINE]))


def may_sign(line: str) -> bool:
    """Tell whether the line could stand in a signature: short, no question, no postscript, no code."""
    if len(line) > 90 or "?" in line or re.match(r"\s*p\.?\s?s\.?\b", line, re.I):
        return False
    return not _CODE.search(_PHONE_NUMBER.sub("", _PLACE.sub("", line)))


def only_points(text: str) -> bool:
    """Tell whether a text says no more than "see below"."""
    return len(text) <= 160 and (not re.search(r"\w", text) or bool(_POINTER.match(text.strip())))


def dequoted(line: str) -> str:
    """Return the line without one level of quoting."""
    bare = line.lstrip()
    return bare[1:].removeprefix(" ") if bare.startswith(">") else line


def _colon(text: str) -> str:
    """Return the text with a plain colon at its end, with no blank before it."""
    return f"{text[:-1].rstrip()}:" if text.endswith((":", "：")) else text


def _between_dashes(line: str) -> str:
    """Return what stands between two or more dashes on either side, in lower case; empty when there are none."""
    bare = line.strip("> \t")
    return bare.strip("-_=* \t").lower() if bare[:1] in "-_=*" and len(bare) > 4 and bare[1] in "-_=* " else ""


def _roles(line: str) -> set[tuple[str, str]]:
    match = _FIELD.match(line[:MAX_LINE])
    return _NAMES.get(match[1].strip().lower(), set()) if match else set()
