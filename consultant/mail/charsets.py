"""From bytes to clean text: which charset to believe, and which characters never enter the house.

A declared charset is a claim. It is believed when it decodes the bytes; else UTF-8, windows-1252 and at last a
guess are tried, and what was got round is told as a defect.
"""

import codecs
import re

# Only these codecs are ever run on a stranger's bytes: Python also registers zlib, punycode, idna and other
# transforms under charset names, some of which are quadratic or unpack without bound.
_NAMES = """
ascii utf-8 utf-16 utf-16-le utf-16-be utf-32 utf-7 koi8-r koi8-u mac-roman tis-620
cp437 cp850 cp866 cp874 cp932 cp949 cp950 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10
iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16
shift_jis euc-jp iso2022-jp iso2022-jp-1 iso2022-jp-2 iso2022-jp-3 iso2022-jp-ext
euc-kr iso2022-kr johab gb2312 gbk gb18030 hz big5 big5hkscs
"""
_ALLOWED = frozenset(codecs.lookup(name).name for name in _NAMES.split())

# Names as senders write them, and the supersets that senders mean (WHATWG Encoding Standard, 4.2).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
_ALIASES = {
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ansi_x3.110-1983": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "windows-874": "cp874",
    "x-mac-roman": "mac-roman",
    "x-user-defined": "cp1252",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

# Two-octet and longer UTF-8 sequences hardly ever occur by chance in single-byte text.
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")

# Control characters but tab and line feed; direction overrides and invisible joiners that would make a reviewer read
# other words than a program does; lone surrogates and noncharacters, which no database takes.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_TERMINAL = re.compile("\x1b\\[[0-9;]{0,20}[A-Za-z]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SAMPLE = 8_192


def codec_for(declared: str | None) -> str | None:
    """Return the name of the codec that the declared charset means, or None for an unknown or unsafe one."""
    if not declared:
        return None
    name = declared.strip().strip("\"'").lower()
    try:
        canonical = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(canonical, canonical) if canonical in _ALLOWED else None


def decode(raw: bytes, declared: str | None = None) -> tuple[str, str | None]:
    """Return the text of the bytes and a sentence on what was wrong with the declared charset, or None.

    Never raises; the text may still hold control characters (`clean` strips them).
    """
    for mark, marked in _BOMS:
        if raw.startswith(mark):
            return raw.decode(marked, errors="replace"), None
    codec = codec_for(declared)
    complaint = f"The charset {declared.strip()[:60]!r} is not known." if declared and codec is None else None
    if raw.isascii() and codec in (None, "utf-8", "cp1252"):
        # ISO-2022 is all ASCII bytes, so that every charset takes it; its escapes say what it is.
        text = _strict(raw, "iso2022_jp_ext") if b"\x1b$" in raw else None
        return text or raw.decode("ascii"), complaint
    # Text that was declared as Latin-1 or not at all and yet is well-formed UTF-8 with longer sequences is UTF-8.
    text = _strict(raw, "utf-8") if codec in (None, "cp1252") and _MULTIBYTE.search(raw) else None
    if text is not None:
        complaint = (
            f"The letter declares {declared.strip()[:60]!r} but is in UTF-8." if declared and codec else complaint
        )
        return text, complaint
    if codec and (text := _strict(raw, codec)) is not None:
        return text, None
    if declared and codec:
        complaint = f"The text is not in the declared charset {declared.strip()[:60]!r}."
    return _guess(raw, codec), complaint


def clean(text: str) -> str:
    """Return the text with LF line ends and without control, direction and invisible characters and ANSI colours."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", _TERMINAL.sub("", text)))


def clean_line(text: str) -> str:
    """Return the text as one clean line, runs of white space made one blank."""
    return " ".join(clean(text).split())


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _guess(raw: bytes, codec: str | None) -> str:
    """Decode bytes that are not in the declared charset: UTF-8, cp1252, a guess, Latin-1 in this order."""
    if b"\x1b$" in raw and (text := _strict(raw, "iso2022_jp_ext")) is not None:
        return text
    if (text := _strict(raw, "utf-8")) is not None:
        return text
    # A letter that was cut or hit once is still mostly UTF-8, and reading it as cp1252 would spoil every sequence.
    sound = len(_MULTIBYTE.findall(raw[:_SAMPLE]))
    lenient = raw.decode("utf-8", errors="replace")
    if sound and lenient[:_SAMPLE].count("\ufffd") * 2 <= sound:
        return lenient
    if codec and codec not in ("cp1252", "utf-8"):
        return raw.decode(codec, errors="replace")
    if (text := _strict(raw, "cp1252")) is not None:
        return text
    # The guess is kept to what US letters hold: without it short cp1252 texts come out as cp1250.
    # Two megabytes, for the few letters that come so far.
    import charset_normalizer

    best = charset_normalizer.from_bytes(raw[:_SAMPLE], cp_isolation=["cp1252", "utf_8"]).best()
    return raw.decode(best.encoding if best else "cp1252", errors="replace")
