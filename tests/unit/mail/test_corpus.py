"""Every letter of the corpus gets the verdict, the rule and the text that are expected of it; nothing of it is lost."""

import re
import tomllib
from email import policy
from email.parser import BytesParser
from functools import cache
from pathlib import Path

import pytest

from consultant.mail.automatic import RULES, screen
from consultant.mail.documents import text_of
from consultant.mail.dsn import read_dsn
from consultant.mail.letter import Letter
from consultant.mail.parse import Unparseable, parse

FOLDER = Path(__file__).parents[2] / "corpus"
CORPUS = sorted(FOLDER.glob("*.eml"))
OWN = frozenset({"desk@consultant.example"})

EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))


def words(text: str) -> list[str]:
    """Return the visible words, quote marks aside."""
    return sorted(re.findall(r"[^\s>]+", text))


@cache
def read(path: Path) -> Letter | None:
    try:
        return parse(path.read_bytes())
    except Unparseable:
        return None


def having(key: str) -> list[Path]:
    return [path for path in CORPUS if key in EXPECTED.get(path.stem, {})]


def test_the_corpus_is_whole() -> None:
    """Promise that each letter has its expectation, with the text of each accepted one, and that none is large."""
    assert len(CORPUS) >= 340
    assert {path.stem for path in CORPUS} == set(EXPECTED)
    assert all(path.stat().st_size <= 200_000 for path in CORPUS)
    for path in CORPUS:
        keys = {"accept": {"new", "begins"}, "bounce": {"reports"}, "discard": {"rule"}, "quarantine": {"rule"}}
        assert keys[path.stem.partition("-")[0]] & EXPECTED[path.stem].keys()


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_letter_gets_its_verdict_by_its_rule(path: Path) -> None:
    """Promise the verdict of the name and the rule, and that nothing but `Unparseable` is raised on the way."""
    letter = read(path)
    expected = EXPECTED[path.stem]
    if letter is None:
        assert path.stem.startswith("quarantine-")
        with pytest.raises(Unparseable, match=re.escape(expected["reason"])):
            parse(path.read_bytes())
        return
    found = screen(letter, OWN)
    assert (found.verdict, found.rule) == (path.stem.partition("-")[0], expected["rule"])


@pytest.mark.parametrize("path", having("new"), ids=lambda path: path.stem)
def test_what_a_person_wrote_is_new_text_to_the_letter(path: Path) -> None:
    """Promise the asker's own words, all of them and no others: no quote, no header, no signature."""
    letter = read(path)
    assert letter is not None
    assert letter.new_text == EXPECTED[path.stem]["new"]


@pytest.mark.parametrize("path", having("begins"), ids=lambda path: path.stem)
def test_the_question_is_read_before_what_was_made_to_swell(path: Path) -> None:
    """Promise the asker's first line and no more text than the letter has bytes."""
    letter = read(path)
    assert letter is not None
    assert letter.new_text.splitlines()[0] == EXPECTED[path.stem]["begins"]
    assert len(letter.new_text) <= path.stat().st_size


@pytest.mark.parametrize("path", having("attached"), ids=lambda path: path.stem)
def test_what_is_attached_is_read(path: Path) -> None:
    """Promise the name, the kind and the text of each attachment, those out of winmail.dat and S/MIME too."""
    letter = read(path)
    assert letter is not None
    found = [(part.filename, text_of(part.content)) for part in letter.attachments]
    assert [[name, str(each.kind), each.text] for name, each in found] == EXPECTED[path.stem]["attached"]


@pytest.mark.parametrize("path", having("defect"), ids=lambda path: path.stem)
def test_what_was_not_read_is_told(path: Path) -> None:
    """Promise a sentence for the reviewer on what is sealed, damaged or not as declared."""
    letter = read(path)
    assert letter is not None
    assert any(EXPECTED[path.stem]["defect"] in sentence for sentence in letter.defects)


@pytest.mark.parametrize("path", having("reports"), ids=lambda path: path.stem)
def test_a_bounce_names_its_recipients_and_our_letter(path: Path) -> None:
    """Promise who was not reached, how, and which of our letters it was, in the form of every server."""
    found = [
        [each.recipient, each.action, each.status, each.original_message_id or "", each.delivery_id or ""]
        for each in read_dsn(path.read_bytes())
    ]
    assert found == EXPECTED[path.stem]["reports"]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_no_visible_word_is_lost(path: Path) -> None:
    """Promise that new text, quotes and signature together hold every word of the text, no more and no less."""
    letter = read(path)
    if letter is not None:
        assert words("\n".join((letter.new_text, letter.quoted_text, letter.signature))) == words(letter.text)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", letter.text)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_our_reading_agrees_with_the_standard_parser(path: Path) -> None:
    """Promise that the pre-scan finds the fields and the leaves that the standard parser finds."""
    letter = read(path)
    if letter is None:
        return
    standard = BytesParser(policy=policy.compat32).parsebytes(path.read_bytes())
    assert [name for name, _ in letter.headers] == list(standard.keys())
    if not path.stem.startswith("accept-broken"):
        named = [part.get_filename() for part in standard.walk() if part.get_filename() and not part.is_multipart()]
        ours = sum(not a.filename.startswith("attachment-") for a in letter.attachments)
        # The standard parser opens neither winmail.dat nor S/MIME.
        opened = path.stem.startswith(("accept-winmail-", "accept-smime-"))
        assert ours >= len(named) if opened else ours == len(named)


def test_every_rule_has_a_letter_that_it_decides() -> None:
    """Promise that no rule stands unproved."""
    assert {rule.name for rule in RULES} - {expected["rule"] for expected in EXPECTED.values()} == set()
