"""The colours that a mail program would show each word of a letter in, light or dark, read from the HTML itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{((?:[^{}]*\{[^{}]*\})*)\s*\}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A stretch of text, its colour and what it stands on, as #rrggbb."""

    text: str
    colour: str
    ground: str

    @property
    def contrast(self) -> float:
        """The contrast ratio of WCAG 2.2, 1.4.3."""
        lighter, darker = sorted((_luminance(self.colour), _luminance(self.ground)), reverse=True)
        return (lighter + 0.05) / (darker + 0.05)


def seen(html: str, *, dark: bool) -> Iterator[Seen]:
    """Yield every text of the letter as it is seen."""
    tree = LexborHTMLParser(html)
    important = _dark_rules(tree) if dark else {}
    assert tree.body is not None
    for node in tree.body.traverse(include_text=True):
        if node.tag == "-text" and node.text(strip=True):
            yield Seen(
                node.text(strip=True),
                _nearest(node, "color", important),
                _nearest(node, "background-color", important),
            )


def _nearest(node: LexborNode, name: str, important: dict[tuple[int, str], str]) -> str:
    """Return the value of the node or of its nearest ancestor that has one."""
    above = node.parent
    while above is not None:
        value = important.get((above.mem_id, name)) or _declared(above.attributes.get("style") or "").get(name)
        if value:
            return value
        above = above.parent
    raise AssertionError(f"{node.text()!r} has no {name}.")


def _declared(style: str) -> dict[str, str]:
    pairs = (row.partition(":") for row in style.split(";") if ":" in row)
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def _dark_rules(tree: LexborHTMLParser) -> dict[tuple[int, str], str]:
    """Return what the sheet in the head says for a dark screen: by node and property, the most specific rule."""
    sheet = "".join(style.text() for style in tree.css("head style"))
    block = _DARK.search(sheet)
    assert block, "The head keeps no sheet for dark screens."
    ranked = []
    for order, (selectors, style) in enumerate(_RULE.findall(block[1])):
        for selector in selectors.split(","):
            names = re.findall(r"[.\w-]+", selector)
            classes = selector.count(".")
            ranked.append((classes, len(names), order, selector.strip(), _declared(style)))
    found: dict[tuple[int, str], str] = {}
    for *_, selector, declared in sorted(ranked, key=lambda row: row[:3]):
        for node in tree.css(selector):
            found |= {(node.mem_id, name): value for name, value in declared.items()}
    return found


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
