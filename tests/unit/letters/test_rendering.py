"""Plain bodies become HTML and wrapped text: every shape, every hostile word, no code ever broken."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from consultant import rendering
from consultant.rendering import blocks, day, fill, inlined, plain, quote, read, template_root, when, wrap

TITLES = {"verdict": "Verdict", "why": "Why"}
WORDS = st.text(alphabet=st.sampled_from("abcdeXYZ019.,:-[]()<>&\"'/ \n\t"), max_size=300)

TAGS = {"h2", "p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "span"}
ATTRIBUTES = {"class", "value", "role", "width", "border", "cellpadding", "cellspacing", "valign", "scope", "align"}

SHAPES = {
    "a paragraph is joined": ("one\ntwo", "<p>one two</p>"),
    "blank lines part paragraphs": ("One.\n\n \n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
    "a known title keeps its key": ("Why\n\nSo.", '<h2 class="title title-why">Why</h2>\n<p>So.</p>'),
    "a known title may stand on its text": (
        "Verdict:\nYes.",
        '<h2 class="title title-verdict">Verdict</h2>\n<p>Yes.</p>',
    ),
    "a title of the writer's own": ("Payer policy\n\nSo.", '<h2 class="title title-own">Payer policy</h2>\n<p>So.</p>'),
    "a title may stand on its list": (
        "Payer policy\n- one",
        '<h2 class="title title-own">Payer policy</h2>\n<ul><li>one</li></ul>',
    ),
    "a sentence is no title": ("Payer policy.\n\nSo.", "<p>Payer policy.</p>\n<p>So.</p>"),
    "a closing is no title": ("Kind regards\n\nDana", "<p>Kind regards</p>\n<p>Dana</p>"),
    "a last short line is no title": ("So.\n\nDana Modell", "<p>So.</p>\n<p>Dana Modell</p>"),
    "a list": ("- one\n  and\n- two", "<ul><li>one and</li><li>two</li></ul>"),
    "numbers are the writer's": ("2. b\n4. d", '<ol><li value="2">b</li><li value="4">d</li></ol>'),
    "a list in a list": (
        "1. a\n   - x\n   - y\n2. b",
        '<ol><li value="1">a<ul><li>x</li><li>y</li></ul></li><li value="2">b</li></ol>',
    ),
    "a list under a sentence": ("These:\n- one\n- two", "<p>These:</p>\n<ul><li>one</li><li>two</li></ul>"),
    "two kinds of list": ("- a\n1. b", '<ul><li>a</li></ul>\n<ol><li value="1">b</li></ol>'),
    "a mark stays with its word": ("So. [1][2]", '<p>So.\N{NO-BREAK SPACE}<span class="mark">[1][2]</span></p>'),
    "a wrapped mark opens no list": (
        "So\n[1] and on.",
        '<p>So\N{NO-BREAK SPACE}<span class="mark">[1]</span> and on.</p>',
    ),
    "a code with modifiers is whole": ("99213-25-GT.", '<p><span class="whole">99213-25-GT.</span></p>'),
    "a unit stays with its number": ("0.4 cm", "<p>0.4\N{NO-BREAK SPACE}cm</p>"),
    "nothing": (" \n\n ", ""),
}


@pytest.mark.parametrize(("text", "html"), SHAPES.values(), ids=SHAPES)
def test_a_body_becomes_simple_html(text: str, html: str) -> None:
    """Each shape that a reviewer may type has one reading."""
    assert blocks(text, TITLES) == html


def test_claim_lines_become_a_table() -> None:
    """Code with modifiers, units, diagnoses and sources each have a column."""
    tree = LexborHTMLParser(
        blocks("- CPT 11441-59, 2 units, diagnosis D22.39, L72.0 [1][2]\n- HCPCS J1100, 4 units [3]")
    )
    assert [cell.text() for cell in tree.css("th")] == ["Code", "Units", "Diagnosis", "Source"]
    assert [[cell.text() for cell in row.css("td")] for row in tree.css("tbody tr")] == [
        ["CPT 11441-59", "2", "D22.39, L72.0", "[1][2]"],
        ["HCPCS J1100", "4", "", "[3]"],
    ]


def test_a_column_that_no_line_fills_is_left_out() -> None:
    """A table without diagnoses has no empty column."""
    assert [cell.text() for cell in LexborHTMLParser(blocks("- CPT 11441, 1 unit [1]")).css("th")] == [
        "Code",
        "Units",
        "Source",
    ]


def test_lines_of_another_wording_stay_a_list() -> None:
    """What is not worded as a claim line is never forced into the table."""
    made = blocks("- CPT 11441, 1 unit [1]\n- and 99213 if separate")
    assert "<table" not in made
    assert made.count("<li>") == 2


def test_sources_stand_under_their_numbers() -> None:
    """A list of sources becomes rows of number and source, wrapped lines joined."""
    cells = LexborHTMLParser(blocks("[1] NCCI Policy\n    Manual\n[2] PTP edits")).css("td")
    assert [cell.text() for cell in cells] == ["[1]", "NCCI Policy Manual", "[2]", "PTP edits"]


@given(WORDS)
@example("</p><script>x</script>\n\n<!-- \n\n]]>")
@example('- <img src=x onerror="y">\n  - "quoted"')
def test_no_word_of_a_body_becomes_markup(text: str) -> None:
    """Only our own elements and attributes come out, whatever goes in, and every word comes out."""
    tree = LexborHTMLParser(f"<!DOCTYPE html><body><div>{blocks(text, TITLES)}</div>")
    assert {node.tag for node in tree.css("div *")} <= TAGS
    assert {name for node in tree.css("div *") for name in node.attributes} <= ATTRIBUTES
    words = [
        block.title or "".join((entry.mark if "[" in entry.mark else "") + entry.text for entry in block.entries)
        for block in read(text, TITLES)
    ]
    assert "".join(tree.css_first("div").text().split()) == "".join("".join(words).split())


@given(WORDS)
def test_wrapping_loses_no_word(text: str) -> None:
    """The wrapped body is the body, word for word, but for the capitals of its titles."""
    assert wrap(text).casefold().split() == plain(text).casefold().split()


@given(st.lists(st.from_regex(r"[A-Za-z0-9.,-]{1,40}", fullmatch=True), min_size=1, max_size=60))
def test_no_line_is_longer_than_the_width(words: list[str]) -> None:
    """Ordinary words never pass the right margin, and none is broken."""
    made = fill(" ".join(words))
    assert max(map(len, made.split("\n"))) <= rendering.WIDTH
    assert made.split() == words


@pytest.mark.parametrize(
    "whole",
    [
        "CPT 11441-59",
        "HCPCS J1100",
        "ICD-10-CM D22.39",
        "modifier 25",
        "0.4 cm",
        "12 minutes",
        "2 units",
        "edits. [12]",
    ],
)
@pytest.mark.parametrize("column", range(50, 80, 2))
def test_a_code_is_never_parted(whole: str, column: int) -> None:
    """A code stays with its system, a number with its unit, a mark with its word, wherever the line ends."""
    made = fill("x" * column + f" {whole} and further words")
    assert whole in made
    assert wrap(f"- {'x' * (column - 6)} {whole} and").count(whole) == 1


def test_entries_hang_under_their_first_word() -> None:
    """Further lines of an entry are indented, at every depth; titles are in capitals."""
    made = wrap("Why\n\n- " + "word " * 20 + "\n   - " + "deep " * 20 + "\n\n[1] " + "source " * 15)
    lines = made.split("\n")
    assert lines[0] == "WHY"
    assert [line[:6] for line in lines if line.strip()][1:] == [
        "- word",
        "  word",
        "   - d",
        "     d",
        "[1] so",
        "    so",
    ]


def test_a_quote_stands_behind_its_mark() -> None:
    """Each line is marked, empty ones without a blank at the end; long words are folded."""
    made = quote("one\n\n" + "word " * 30 + "\n" + "x" * 200)
    assert made.startswith("> one\n>\n> word")
    assert all(line.startswith(">") and len(line) <= 76 for line in made.split("\n"))


def test_control_and_direction_marks_are_taken_out() -> None:
    """Nothing can turn the order of digits round, hide, or end a line where none ends."""
    assert plain("a\x00b\u202ec\u2066d\u200be\x1bf\r\ng\u2028h") == "abcdef\ngh"
    assert plain("a\tb") == "a   b"
    assert "\u202e" not in blocks("11441 \u202e14411")
    assert "\ue000" not in fill("a \ue000 b")


def test_times_are_given_in_the_zone_of_the_desk() -> None:
    """Weekday, date, hour with AM or PM, and the zone that holds on that day."""
    zone = ZoneInfo("America/Chicago")
    assert when(datetime(2026, 1, 5, 6, 0, tzinfo=UTC), zone) == "Monday, January 5, 2026, 12:00 AM CST"
    assert when(datetime(2026, 7, 5, 17, 30, tzinfo=UTC), zone) == "Sunday, July 5, 2026, 12:30 PM CDT"
    assert day(datetime(2026, 7, 5, tzinfo=UTC)) == "July 5, 2026"


def test_a_time_without_a_zone_is_refused() -> None:
    """A naive time would be off by hours without anyone seeing it."""
    naive = datetime(2026, 1, 5, 6, 0)  # noqa: DTZ001 - the naive time is what is tested
    with pytest.raises(ValueError, match="no time zone"):
        when(naive, UTC)


def test_style_sheets_of_others_are_never_fetched() -> None:
    """A linked sheet stays what it is: a name that nobody looks up."""
    html = '<html><head><link rel="stylesheet" href="http://127.0.0.1:9/x.css"></head><body><p>x</p></body></html>'
    assert "<p>x</p>" in inlined(html)


def test_templates_are_found_in_a_wheel_and_in_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder in the package wins, for beside an installed package may lie somebody else's templates."""
    package = tmp_path / "consultant"
    package.mkdir()
    monkeypatch.setattr(rendering, "__file__", str(package / "rendering.py"))
    assert template_root() == tmp_path / "templates"
    (package / "_templates").mkdir()
    assert template_root() == package / "_templates"
