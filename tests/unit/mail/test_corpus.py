"""Every letter of the corpus gets the verdict that its name says, and nothing of it is lost."""

import re
from email import policy
from email.parser import BytesParser
from functools import cache
from pathlib import Path

import pytest

from consultant.mail.automatic import RULES, screen
from consultant.mail.letter import Letter, Verdict
from consultant.mail.parse import Unparseable, parse

CORPUS = sorted((Path(__file__).parents[2] / "corpus").glob("*.eml"))
OWN = frozenset({"desk@consultant.example"})

# A phrase of the new text for each accepted letter; None where a letter has no text of its own.
NEW_TEXT = {
    "accept-about-out-of-office": "Automatic reply: your claim is being processed.",
    "accept-alternative-empty-plain": "Is modifier 25 allowed on 99213 with 11440",
    "accept-alternative-stub-plain": "Is the intermediate repair reported besides the excision",
    "accept-apple-mail-reply": "The narrowest margin was 0.2 cm.",
    "accept-bad-date-and-names": "Is 11404 right?",
    "accept-base64-body": "or alone – 14040?",
    "accept-broken-boundaries": "Is 11401 right?",
    "accept-calendar": "the audit of 11043 claims",
    "accept-closing-then-postscript": "P.S. And may 12011 be billed with it?",
    "accept-comparison-lines": "> 50% of time was counselling\n>= 40 minutes in total",
    "accept-empty": None,
    "accept-follow-up": "the date of service was 2026-01-15",
    "accept-forwarded-apple-quoted": "Is the flank part of the trunk",
    "accept-forwarded-as-attachment": "Please answer the attached letter",
    "accept-forwarded-inline": "Is it 11441 or 11442?",
    "accept-forwarded-see-below": "Which primary codes may stand with the add-on 11008?",
    "accept-french-outlook": "The margin was 0.3 cm all round.",
    "accept-from-the-operative-note": "From: the operative note, the patient had necrotizing infection",
    "accept-fuzz-long-quoted-name": "Does 11442 include the margins",
    "accept-fuzz-nul-in-type": "reported on two lines?",
    "accept-german-reply": "The wound was 3 cm long.",
    "accept-gmail-html-inline-answers": "Answer two: 0.2 cm on each side.",
    "accept-gmail-reply": "The closure was layered, 2.6 cm.",
    "accept-hostile-injected-words": "Is 11444 paid with 12052?",
    "accept-hostile-list-indents": "Which of these is 11406?",
    "accept-hostile-table-padding": "Is 11403 right for the second row?",
    "accept-html-only": "Site  Diameter\nback  2.1 cm",
    "accept-inline-answers": "Malignant, by pathology. Is 11641 right?",
    "accept-inline-image-apple": "The second measured 1.1 cm.",
    "accept-iso-2022-jp": "試験の質問です。CPT 11440",
    "accept-koi8-r": "Какой код нужен для удаления невуса",
    "accept-mojibake-subject": "is it 11440?",
    "accept-multipart-without-boundary": "Is 11402 right?",
    "accept-nested-multiparts": "Is it 11004?",
    "accept-no-charset": "A lesion of 0.5 cm – benign – on the neck",
    "accept-no-message-id": "Does 11005 have a global period",
    "accept-nul-and-bare-cr": "Is 11400 right for the arm?\nThe lesion was 0.5 cm.",
    "accept-outlook-html-reply": "Is it 11602 twice?",
    "accept-outlook-reply": "so does 11441 still hold?",
    "accept-pgp-encrypted": None,
    "accept-pgp-signed": "Does 11603 need the margins in the note?",
    "accept-phone-reply": "Three lesions, all on the hand.",
    "accept-plain": "may the simple repair be billed?",
    "accept-quoted-printable-soft-breaks": "Is it 11442?",
    "accept-raw-utf8-headers": "Is 11441 right?",
    "accept-rfc2231-attachments": "Is the biopsy bundled into the excision?",
    "accept-signature": "Is a shave to the deep dermis an excision?",
    "accept-smime-opaque": None,
    "accept-smime-signed": "on the leg 11406?",
    "accept-spanish": "¿Qué código corresponde a una lesión benigna del mentón",
    "accept-subject-only": None,
    "accept-thunderbird-bottom-posting": "would 11005 with 11008 be right?",
    "accept-unknown-charset": "Is 11600 paid with 12031",
    "accept-utf8-declared-latin1-sent": "Is the naïve patient of Dr. Müster billed",
    "accept-windows-1252-quotes": "“excised in toto” – is that the surgeon’s margin?",
    "accept-winmail": "Is the scalp grouped with the neck",
    "accept-wrong-charset": "a nævus of 0.7 cm – was on the café-au-lait spot",
}

# What must have been recognised as no new text.
FOLDED = {
    "accept-apple-mail-reply": "What was the narrowest margin?",
    "accept-french-outlook": "What was the margin?",
    "accept-german-reply": "How long was the wound?",
    "accept-gmail-html-inline-answers": "2. How large was the margin?",
    "accept-gmail-reply": "How was the wound closed?",
    "accept-inline-answers": "2. Benign or malignant?",
    "accept-outlook-html-reply": "How many lesions were there?",
    "accept-outlook-reply": "What did pathology say?",
    "accept-phone-reply": "How many lesions were there?",
    "accept-signature": "555-0101",
    "accept-spanish": "Hola",
    "accept-thunderbird-bottom-posting": "How deep did the debridement go",
}


def words(text: str) -> list[str]:
    """Return the visible words, quote marks aside."""
    return sorted(re.findall(r"[^\s>]+", text))


@cache
def read(path: Path) -> Letter | None:
    try:
        return parse(path.read_bytes())
    except Unparseable:
        return None


def test_the_corpus_is_whole() -> None:
    """Promise that the corpus has at least forty letters, none large, and a phrase for each accepted one."""
    assert len(CORPUS) >= 40
    assert all(path.stat().st_size <= 200_000 for path in CORPUS)
    assert {path.stem for path in CORPUS if path.stem.startswith("accept-")} == set(NEW_TEXT)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_letter_gets_the_verdict_of_its_name(path: Path) -> None:
    """Promise the verdict, and that nothing but `Unparseable` is raised on the way."""
    letter = read(path)
    verdict = Verdict.QUARANTINE if letter is None else screen(letter, OWN).verdict
    assert verdict == path.stem.partition("-")[0]


@pytest.mark.parametrize("path", [path for path in CORPUS if path.stem in NEW_TEXT], ids=lambda path: path.stem)
def test_what_a_person_wrote_is_new_text(path: Path) -> None:
    """Promise that the question is found, and that quotes and signatures are not taken for it."""
    letter = read(path)
    assert letter is not None
    expected = NEW_TEXT[path.stem]
    assert letter.new_text == "" if expected is None else expected in letter.new_text
    folded = FOLDED.get(path.stem)
    if folded is not None:
        assert folded not in letter.new_text
        assert folded in letter.quoted_text + letter.signature


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
        assert sum(not a.filename.startswith("attachment-") for a in letter.attachments) == len(named)


def test_every_rule_has_a_letter_that_it_decides() -> None:
    """Promise that no rule stands unproved, bulk mail without a list aside, which another test shows."""
    letters = [letter for letter in map(read, CORPUS) if letter is not None]
    decided = {screen(letter, OWN).rule for letter in letters}
    assert {rule.name for rule in RULES} - decided <= {"discard-bulk", "bounce-null-sender"}
