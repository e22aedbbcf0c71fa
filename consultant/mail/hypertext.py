"""From an HTML body to lines of visible text, each marked as the quote or signature that the mail program made it.

selectolax marks what mail programs wrap (Gmail, Outlook, Apple Mail, Thunderbird, Yahoo) and inscriptis renders,
keeping table columns. Both are kept from hostile input: lexbor takes 235 s for 200,000 nested elements, and inscriptis
returns nothing beyond depth 255 and pads by whatever the style sheet says, by the widest cell of a table and by the
depth of lists: 50 MB for a page of 100 kB. Such letters get plain tag stripping.
"""

import html as entities
import re
from itertools import islice

import inscriptis
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_document_state import HtmlDocumentState
from inscriptis.model.tag import CustomHtmlTagHandlerMapping
from inscriptis.model.tag.table_tag import table_end_handler
from selectolax.lexbor import LexborHTMLParser, LexborNode

from consultant.mail.charsets import clean
from consultant.mail.lines import Line, Mark

MAX_RICH = 500_000
MAX_NESTING = 150
MAX_TAGS = 20_000
MAX_ATTRIBUTES = 500
MAX_PADDING = 400_000
"""Blanks that may be set between the columns of all tables together, and before the items of nested lists."""
MAX_GRID = 400_000
"""Rows times columns of all tables together: what laying them out takes, however few of the cells there are."""


# Private-use characters that stand, each on a line of its own, where a marked stretch begins and ends.
_OPENS = {"\ue000": Mark.QUOTED, "\ue002": Mark.SIGNATURE}
_CLOSES = {"\ue001": Mark.QUOTED, "\ue003": Mark.SIGNATURE}
_SENTINELS = re.compile("[\ue000-\ue003]")
_PAIRS = {Mark.QUOTED: ("\ue000", "\ue001"), Mark.SIGNATURE: ("\ue002", "\ue003")}

# What mail programs wrap around text that the sender did not write now.
_WRAPPED = (
    (Mark.QUOTED, "blockquote[type=cite]"),
    (Mark.QUOTED, "blockquote.gmail_quote"),
    (Mark.QUOTED, "div.gmail_attr"),
    (Mark.QUOTED, "div.moz-cite-prefix"),
    (Mark.QUOTED, "div.yahoo_quoted"),
    (Mark.QUOTED, "div.protonmail_quote"),
    (Mark.QUOTED, "div[name=quote]"),
    (Mark.QUOTED, "div.zmail_extra"),
    (Mark.SIGNATURE, "div.gmail_signature"),
    (Mark.SIGNATURE, "div.moz-signature"),
    (Mark.SIGNATURE, "pre.moz-signature"),
    (Mark.SIGNATURE, "div#Signature"),
    (Mark.SIGNATURE, "div#ms-outlook-mobile-signature"),
    (Mark.SIGNATURE, "div#AppleMailSignature"),
)
# Outlook sets the header block of the letter below in one of these and lets the old letter follow as siblings.
_FOLLOWED = "#divRplyFwdMsg, #ms-outlook-mobile-reference-message"
_INVISIBLE = "script, style, head, title, template, noscript, object, iframe, [hidden]"
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d]*[1-9])", re.I
)
_PRE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)

# Possessive, so that a tag that never ends is looked at once.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)[^<>]*+>")
_OPENING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)")
_EMBEDDED = re.compile(r"data:[a-z]+/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=]*+")
# Elements that have no content or whose end tag may be left out: they cannot pile up by themselves.
_FLAT_NAMES = """
area base br col embed hr img input link meta source wbr p li td th tr dd dt option tbody thead tfoot body html head
"""
_FLAT = frozenset(_FLAT_NAMES.split())
_LIST_INDENT = 4
_BREAKING = re.compile(r"(?i)^(?:/?(?:p|div|tr|li|h[1-6]|table|ul|ol|blockquote|pre)|br)$")
_TOO_MUCH = "The HTML body is too large, too deeply nested or too wide; only its bare text is shown."


class _TooWide(Exception):
    """The tables of a page would take too much time or too many blanks to lay out."""


def lines_of(source: str) -> tuple[list[Line], str | None]:
    """Return the visible lines of an HTML body with their marks, and a sentence if it could not be rendered in full."""
    source = _EMBEDDED.sub("", _SENTINELS.sub("", source))
    if not source.strip():
        return [], None
    if _is_costly(source):
        return _unmarked(_strip_tags(source)), _TOO_MUCH
    tree = LexborHTMLParser(source)
    _prepare(tree)
    try:
        rendered = inscriptis.get_text(tree.html or "", _configuration())
    except _TooWide:
        return _unmarked(_strip_tags(source)), _TOO_MUCH
    if len(rendered) > len(source) + MAX_PADDING:
        return _unmarked(_strip_tags(source)), _TOO_MUCH
    if not _SENTINELS.sub("", rendered).strip():
        rendered = tree.body.text(separator="\n") if tree.body else ""
    return _marked(clean(rendered)), None


def _configuration() -> ParserConfig:
    """Return how one page is rendered, with a look at each table before it is laid out."""
    grid = padding = 0

    def end_table(state: HtmlDocumentState) -> None:
        nonlocal grid, padding
        rows = [row.columns for row in state.current_table[-1].rows if row.columns]
        grid += len(rows) * max(map(len, rows), default=0)
        if grid > MAX_GRID:
            raise _TooWide
        height, contents, widths = 0, 0, [0] * max(map(len, rows), default=0)
        for cells in rows:
            height += max(cell.normalize_blocks() for cell in cells)
            for column, cell in enumerate(cells):
                widths[column] = max(widths[column], cell.width)
                contents += sum(map(len, cell.blocks))
        padding += height * sum(widths) - contents
        if padding > MAX_PADDING:
            raise _TooWide
        table_end_handler(state)

    return ParserConfig(
        css=STRICT_CSS_PROFILE, custom_html_tag_handler_mapping=CustomHtmlTagHandlerMapping({}, {"table": end_table})
    )


def _is_costly(source: str) -> bool:
    """Tell whether the parsers' time could grow beyond bounds: size, tags, nesting, lists, or attributes of one tag."""
    if len(source) > MAX_RICH or source.count("<") > MAX_TAGS or _nests_deeper(source, MAX_NESTING):
        return True
    if _list_padding(source) > MAX_PADDING:
        return True
    return any(len(piece) > MAX_ATTRIBUTES and _attributes(piece) > MAX_ATTRIBUTES for piece in source.split("<"))


def _attributes(piece: str) -> int:
    """Return at most how many attributes the tag at the start of the piece can have."""
    tag = piece.partition(">")[0]
    # A bracket inside quotes does not end a tag, so then the whole piece may belong to it.
    whole = piece if tag.count('"') % 2 or tag.count("'") % 2 else tag
    return max(len(re.findall(r"[\s/]+", whole)), whole.count("="))


def _nests_deeper(source: str, limit: int) -> bool:
    """Tell whether elements may be nested deeper than the limit: an upper bound, in one linear pass."""
    counts: dict[str, int] = {}
    depth = 0
    for slash, written in _OPENING.findall(source):
        name = written.lower()
        # "<div/>" opens an element like "<div>" does.
        if name in _FLAT:
            continue
        if not slash:
            counts[name] = counts.get(name, 0) + 1
            depth += 1
        elif counts.get(name):
            counts[name] -= 1
            depth -= 1
        if depth > limit:
            return True
    return False


def _list_padding(source: str) -> int:
    """Return at most how many blanks the items of nested lists are set in by: the renderer takes time for each."""
    padding = depth = 0
    for slash, written in _OPENING.findall(source):
        name = written.lower()
        if name in ("ul", "ol"):
            depth = max(0, depth - 1) if slash else depth + 1
        elif name == "li" and not slash:
            padding += _LIST_INDENT * depth
    return padding


def _prepare(tree: LexborHTMLParser) -> None:
    """Remove what is not seen, set the sentinels, and drop every style but preformatting."""
    for node in tree.css("[style]"):
        style = node.attributes.get("style") or ""
        if _HIDING.search(style):
            node.decompose()
        elif _PRE.search(style):
            node.attrs["style"] = "white-space: pre"
        else:
            del node.attrs["style"]
    for node in tree.css(_INVISIBLE):
        node.decompose()
    for mark, selector in _WRAPPED:
        for node in tree.css(selector):
            _wrap(node, mark)
    for node in tree.css("div.gmail_quote"):
        # Around a reply this holds quotes and the answers between them; around a forward, the letter itself.
        if node.css_first("blockquote") is None:
            _wrap(node, Mark.QUOTED)
    for node in tree.css(_FOLLOWED):
        node.insert_before(_PAIRS[Mark.QUOTED][0])


def _wrap(node: LexborNode, mark: Mark) -> None:
    if _in_columns(node):
        return
    opening, closing = _PAIRS[mark]
    node.insert_before(opening)
    node.insert_after(closing)


def _in_columns(node: LexborNode) -> bool:
    """Tell whether the node lies in one of several filled cells of a row, where a line holds more than the quote."""
    parent = node.parent
    while parent is not None:
        row = parent.parent
        if parent.tag in ("td", "th") and row is not None:
            filled = (cell for cell in row.iter() if cell.tag in ("td", "th") and cell.text().strip())
            if len(list(islice(filled, 2))) > 1:
                return True
        parent = row
    return False


def _marked(rendered: str) -> list[Line]:
    """Split rendered text at the sentinels; a line with two kinds of text becomes two lines."""
    lines: list[Line] = []
    inside: list[Mark] = []
    for row in rendered.split("\n"):
        pieces: list[Line] = []
        for piece in re.split("([\ue000-\ue003])", row):
            if piece in _OPENS and piece:
                inside.append(_OPENS[piece])
            elif piece in _CLOSES and piece:
                if inside and inside[-1] is _CLOSES[piece]:
                    inside.pop()
            elif piece.strip():
                pieces.append((piece.rstrip(), inside[-1] if inside else Mark.NEW))
        lines += pieces or [("", inside[-1] if inside else Mark.NEW)]
    return lines


def _strip_tags(source: str) -> str:
    """Return the bare text of HTML in linear time; a comment or element that never ends is text."""
    for opening, closing in (("<!--", "-->"), ("<style", "</style"), ("<script", "</script")):
        source = _cut(source, opening, closing)
    out = _TAG.sub(lambda tag: "\n" if _BREAKING.match(tag[1] + tag[2]) else " ", source)
    return clean(entities.unescape(re.sub(r"<![^<>]*>", "", out)))


def _cut(source: str, opening: str, closing: str) -> str:
    lowered = source.lower() if len(source.lower()) == len(source) else source
    out: list[str] = []
    place = 0
    while (start := lowered.find(opening, place)) >= 0 and (stop := lowered.find(closing, start)) >= 0:
        out.append(source[place:start])
        place = stop + len(closing)
    return "".join([*out, source[place:]])


def _unmarked(text: str) -> list[Line]:
    rows = (" ".join(row.split()) for row in text.split("\n"))
    return [(row, Mark.NEW) for row in rows if row]
