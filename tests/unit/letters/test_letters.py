"""Every letter: its three parts, its look, and that nothing in it leads anywhere."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jinja2 import StrictUndefined, UndefinedError
from selectolax.lexbor import LexborHTMLParser

from consultant.drafting.correspondence import AUTOMATIC, PARTS, LetterKind, Rendered, render, template_values
from consultant.rendering import email_environment, template_root, web_environment
from tests.unit.letters.colours import seen
from tests.unit.letters.refresh import GOLDEN
from tests.unit.letters.samples import ASKED_TEXT, CONTEXTS, DESK, hand_over, with_body

KINDS = tuple(LetterKind)
TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "p",
    "h2",
    "ul",
    "ol",
    "li",
    "span",
    "a",
    "br",
    "div",
    "blockquote",
}
LEADING = {
    "href",
    "src",
    "srcset",
    "background",
    "action",
    "formaction",
    "data",
    "cite",
    "poster",
    "xlink:href",
    "ping",
}
HEADINGS = {"code", "units", "diagnosis", "source"}


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest) -> LetterKind:
    return request.param


@pytest.fixture
def letter(kind: LetterKind) -> Rendered:
    return render(kind, CONTEXTS[kind])


@pytest.mark.parametrize("part", PARTS)
def test_a_letter_reads_as_its_golden_file(letter: Rendered, kind: LetterKind, part: str) -> None:
    """A change of words or looks is seen in a diff (`python -m tests.unit.letters.refresh`)."""
    made = {"subject.txt": letter.subject + "\n", "body.txt": letter.text, "body.html": letter.html}
    assert made[part] == (GOLDEN / kind / part).read_text(encoding="utf-8")


def test_every_folder_is_a_letter_with_three_parts() -> None:
    """One letter, one folder, one context type."""
    folders = {folder.name: folder for folder in (template_root() / "email").iterdir() if folder.is_dir()}
    assert set(folders) == {str(kind) for kind in KINDS}
    assert all({file.name for file in folder.iterdir()} == set(PARTS) for folder in folders.values())


def test_a_golden_file_belongs_to_a_letter() -> None:
    """No golden file outlives its letter."""
    files = {str(file.relative_to(GOLDEN)) for file in GOLDEN.rglob("*") if file.is_file()}
    assert files == {str(Path(kind) / part) for kind in KINDS for part in PARTS}


def test_a_missing_value_raises_and_none_is_superfluous(kind: LetterKind) -> None:
    """Without any one of its values some part of the letter cannot be written."""
    values = template_values(CONTEXTS[kind])
    if "subject" in values:
        # Our own subject line is needed where the asker's cannot be repeated.
        values["asked_subject"] = ""
    # Every letter is given the zone, and the hand-over notice names no time.
    for missing in set(values) - ({"zone"} if kind is LetterKind.HAND_OVER else set()):
        rest = {name: value for name, value in values.items() if name != missing}
        # A filter that is handed a hole says TypeError before Jinja can name it.
        with pytest.raises((UndefinedError, TypeError)):
            _rendered_from(kind, rest)


@pytest.mark.parametrize("part", ["body.txt", "body.html"])
def test_every_body_template_refuses_an_empty_context(kind: LetterKind, part: str) -> None:
    """No template renders a hole."""
    with pytest.raises(UndefinedError):
        email_environment().get_template(f"{kind}/{part}").render({})


def test_letters_and_pages_are_strict_and_escaped() -> None:
    """Both environments raise for what is missing and escape what stands in HTML."""
    for environment in (email_environment(), web_environment()):
        assert environment.undefined is StrictUndefined
        assert environment.from_string("{{ text }}").render(text="<b>") == "&lt;b&gt;"
        assert {"blocks", "when", "day", "wrap", "fill", "quote"} <= set(environment.filters)


def test_nothing_is_fetched_and_nothing_leads_away(letter: Rendered) -> None:
    """The only address in the HTML is the desk's own mailbox; nothing is loaded, run or tracked."""
    tree = LexborHTMLParser(letter.html)
    assert {node.tag for node in tree.css("*")} <= TAGS
    attributes = [pair for node in tree.css("*") for pair in node.attributes.items()]
    assert {value for name, value in attributes if name in LEADING} == {f"mailto:{DESK.mailbox}"}
    assert not [name for name, _ in attributes if name.startswith(("on", "data-"))]
    assert not re.search(r"url\(|@import|@font-face|expression\(|https?:|//\w|http-equiv", letter.html)


def test_text_and_html_say_the_same(letter: Rendered) -> None:
    """Whoever reads only one part misses nothing."""
    html = _words(_html_text(letter.html))
    for entry in _text_entries(letter.text):
        if line := re.fullmatch(r"(CPT \S+), (\d+) units?(?:, diagnosis (\S+))? (\[\d\])", entry):
            # A claim line stands in the cells of one row.
            assert _words(" ".join(cell for cell in line.groups() if cell)) in html
        else:
            assert _words(entry) in html
    said = set(re.findall(r"\w+", _words(letter.text)))
    assert set(re.findall(r"\w+", html)) - said <= HEADINGS


def test_text_fits_every_mail_program(letter: Rendered) -> None:
    """Lines stay under 79 columns, without tabs, blanks at the end or holes of several empty lines."""
    lines = letter.text.split("\n")
    assert max(map(len, lines)) <= 76
    assert not [line for line in lines if line != line.rstrip() or "\t" in line]
    assert "\n\n\n" not in letter.text
    assert letter.text.endswith("\n")
    assert "\n" not in letter.subject


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_is_readable(letter: Rendered, dark: bool) -> None:
    """Contrast is at least 4.5 (WCAG 2.2, 1.4.3), and nothing is pure black or white, which clients turn round."""
    words = list(seen(letter.html, dark=dark))
    assert len(words) > 5
    assert [word for word in words if word.contrast < 4.5] == []
    assert {colour for word in words for colour in (word.colour, word.ground)}.isdisjoint({"#000000", "#ffffff"})


def test_dark_and_light_differ(letter: Rendered) -> None:
    """A dark screen gets light words on a dark ground, all of them."""
    for light, dark in zip(seen(letter.html, dark=False), seen(letter.html, dark=True), strict=True):
        assert light.ground != dark.ground
        assert light.colour != dark.colour
        assert dark.colour > dark.ground


def test_outlook_can_lay_it_out(letter: Rendered) -> None:
    """Tables and attributes, no flex or grid; the sheet for screens stays in the head, all else is inline."""
    tree = LexborHTMLParser(letter.html)
    assert not re.search(r"display:\s*(flex|grid)|position:|float:", letter.html)
    assert '<!--[if mso]><table role="presentation" width="600"' in letter.html
    assert len(tree.css("style")) == 1
    assert "prefers-color-scheme" in tree.css_first("head style").text()
    assert tree.css_first('meta[name="color-scheme"]').attributes["content"] == "light dark"
    assert tree.css_first("html").attributes["lang"] == "en"
    for node in tree.css("[bgcolor]"):
        assert f"background-color: {node.attributes['bgcolor']}" in node.attributes["style"] or node.css(
            "td[style*=background-color]"
        )
    layout = [table for table in tree.css("table") if table.css_first("th") is None]
    assert all(table.attributes.get("role") == "presentation" for table in layout)


def test_an_answer_says_what_it_rests_on() -> None:
    """Reviewer, credential, date of service, disclaimer, trademark, release, case and how to follow up."""
    text = _words(render("answer", CONTEXTS[LetterKind.ANSWER]).text)
    for said in (
        "dear testa sampleton,",
        "reviewed and approved by dana modell, cpc",
        "holds for the date of service march 2, 2026.",
        "consultation based on what your letter says",
        "not legal advice, and the payer decides",
        "cpt is a registered trademark of the american medical association.",
        "knowledge release 2026.4.",
        "case c-2026-000123",
        "reply to this letter",
    ):
        assert said in text


def test_an_assumed_date_is_called_assumed() -> None:
    """A letter without a date of service is told which date was taken."""
    text = _words(render("question", CONTEXTS[LetterKind.QUESTION]).text)
    assert "gives no date of service, so this letter assumes march 3, 2026" in text
    assert "holds for" not in text


def test_the_acknowledgement_says_when_and_warns() -> None:
    """The time stands in the desk's own zone, and identifiers are asked to stay out."""
    text = _words(render("acknowledgement", CONTEXTS[LetterKind.ACKNOWLEDGEMENT]).text)
    assert "wednesday, march 4, 2026, 10:05 am est" in text
    assert "leave out whatever identifies a patient" in text


def test_the_hand_over_promises_no_time() -> None:
    """No date, no hour and no answer is promised."""
    text = render("hand_over", hand_over()).text
    assert "cannot say yet how long" in text
    assert not re.search(r"\b(?:within|hours?|days?|tomorrow|soon|shortly)\b|\d:\d\d", text)


@pytest.mark.parametrize("automatic", sorted(AUTOMATIC))
def test_an_automatic_letter_quotes_nothing(automatic: LetterKind) -> None:
    """A forged sender cannot make the desk carry a text to somebody else."""
    rendered = render(automatic, CONTEXTS[automatic])
    assert not re.search(r"^>", rendered.text, re.MULTILINE)
    assert "blockquote" not in {node.tag for node in LexborHTMLParser(rendered.html).css("*")}


def test_a_hostile_body_is_inert() -> None:
    """Mark-up, template tags, entities and conditional comments in a body are words and nothing else."""
    hostile = (
        "</p></td></table><script>alert(1)</script><img src=//evil.example/x.png onerror=alert(1)> "
        "<style>p{background:url(//evil.example)}</style><!--[if mso]><a href='javascript:x'>y</a><![endif]--> "
        '{{ 7*7 }} {% raw %} &lt;script&gt; " onmouseover="x [1]<b>[2] data-css-inline="keep"'
    )
    harmless = "word " * 3 + "[1] [2] word"
    made, plain = (LexborHTMLParser(render("answer", with_body(text)).html) for text in (hostile, harmless))
    assert [node.tag for node in made.css("*")] == [node.tag for node in plain.css("*")]
    assert [set(node.attributes) for node in made.css("*")] == [set(node.attributes) for node in plain.css("*")]
    assert _words(hostile) in _words(made.body.text())


def test_a_hostile_letter_is_inert_in_the_quote() -> None:
    """What the asker wrote is quoted as words, in both parts."""
    context = replace(with_body("Short."), asked_text="<script>x</script>\n{{ 7*7 }}\n.\n\u202etxt.exe\x00\nFrom here")
    rendered = render("answer", context)
    assert "> <script>x</script>\n> {{ 7*7 }}\n> .\n> txt.exe\n> From here\n" in rendered.text
    assert "script" not in {node.tag for node in LexborHTMLParser(rendered.html).css("*")}
    assert "<script>x</script>" in LexborHTMLParser(rendered.html).css_first("blockquote").text()


def test_the_quote_is_the_masked_letter() -> None:
    """The asker's lines stand in the quote as they were, and the placeholders are explained."""
    rendered = render("answer", CONTEXTS[LetterKind.ANSWER])
    quoted = " ".join(line[2:] for line in rendered.text.split("\n") if line.startswith(">"))
    assert quoted.split() == ASKED_TEXT.split()
    assert "square brackets" in rendered.text
    unmasked = replace(with_body("Short."), asked_text="Which code?")
    assert "square brackets" not in render("answer", unmasked).text


def _rendered_from(kind: str, values: dict[str, Any]) -> list[str]:
    return [email_environment().get_template(f"{kind}/{part}").render(values) for part in PARTS]


def _html_text(html: str) -> str:
    body = LexborHTMLParser(html).body
    assert body is not None
    return body.text(separator=" ")


def _words(text: str) -> str:
    return " ".join(re.sub(r" (?=[,.)])", "", " ".join(text.split())).casefold().split())


def _text_entries(text: str) -> list[str]:
    """Return paragraphs, list entries and quoted lines, unwrapped, without marks and rulers."""
    entries: list[str] = []
    for block in text.split("\n\n"):
        if not re.search(r"\w", block):
            continue
        if block.startswith(">"):
            # A quote is wrapped; it is compared as a whole.
            quoted = re.sub(r"^> ?", "", block, flags=re.MULTILINE)
            entries.append(quoted)
            continue
        signature = DESK.mailbox in block
        for line in block.split("\n"):
            mark = re.match(r"\s*(?:-|\d+\.|\[\d+\])\s+", line)
            if mark or signature or not entries or block.startswith(line):
                entries.append(line[mark.end() :] if mark else line)
            else:
                entries[-1] += f" {line.strip()}"
    return entries
