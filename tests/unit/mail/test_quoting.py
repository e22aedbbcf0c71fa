"""Quotes and signatures are folded, never deleted; in doubt a line is new text."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultant.mail.lines import Mark
from consultant.mail.quoting import MAX_LINES, Parts, split

INTRODUCTIONS = {
    "en": "On Mon, Mar 2, 2026 at 9:40 AM Coding Desk <desk@consultant.example> wrote:",
    "en without a weekday": "On 3/2/26 09:40, Coding Desk wrote:",
    "de": "Am 02.03.26 um 09:40 schrieb Coding Desk:",
    "de gmail": "Am Mo., 2. März 2026 um 09:40 Uhr schrieb Coding Desk <desk@consultant.example>:",
    "fr": "Le lun. 2 mars 2026 à 09:40, Coding Desk <desk@consultant.example> a écrit :",
    "es": "El lun, 2 mar 2026 a las 9:40, Coding Desk (<desk@consultant.example>) escribió:",
    "it": "Il giorno lun 2 mar 2026 alle ore 09:40 Coding Desk <desk@consultant.example> ha scritto:",
    "pt": "Em seg., 2 de mar. de 2026 às 09:40, Coding Desk <desk@consultant.example> escreveu:",
    "nl": "Op ma 2 mrt 2026 om 09:40 schreef Coding Desk <desk@consultant.example>:",
    "sv": "Den mån 2 mars 2026 kl 09:40 skrev Coding Desk <desk@consultant.example>:",
    "da": "Den man. 2. mar. 2026 kl. 09.40 skrev Coding Desk <desk@consultant.example>:",
    "pl": "pon., 2 mar 2026 o 09:40 Coding Desk <desk@consultant.example> napisał(a):",
    "pl thunderbird": "W dniu 2.03.2026 o 09:40, Coding Desk pisze:",
    "ru": "пн, 2 мар. 2026 г. в 09:40, Coding Desk <desk@consultant.example>:",
    "ru wrote": "2 марта 2026 г., в 09:40, Coding Desk <desk@consultant.example> написал:",
    "ja": "2026年3月2日(月) 9:40 Coding Desk <desk@consultant.example>:",
    "zh": "Coding Desk <desk@consultant.example> 于2026年3月2日周一 09:40写道：",
    "zh apple": "2026年3月2日 上午9:40，Coding Desk <desk@consultant.example> 写道：",
    "wrapped": "On Mon, Mar 2, 2026 at 9:40 AM Coding Desk\n<desk@consultant.example>\nwrote:",
}
BLOCKS = {
    "en": "From: Desk <desk@consultant.example>\nSent: Monday, March 2, 2026 9:40 AM\nTo: Testa\nSubject: x",
    "en bold": "*From:* Desk <desk@consultant.example>\n*Date:* Mon, March 2, 2026 9:40 AM\n*To:* Testa\n*Subject:* x",
    "de": "Von: Desk <desk@consultant.example>\nGesendet: Montag, 2. März 2026 09:40\nAn: Testa\nBetreff: AW: x",
    "fr": "De : Desk <desk@consultant.example>\nEnvoyé : lundi 2 mars 2026 09:40\nÀ : Testa\nObjet : RE: x",
    "es": "De: Desk <desk@consultant.example>\nEnviado: 2 de marzo de 2026 9:40\nPara: Testa\nAsunto: RE: x",
    "it": "Da: Desk <desk@consultant.example>\nInviato: 2 marzo 2026 09:40\nA: Testa\nOggetto: R: x",
    "pt": "De: Desk <desk@consultant.example>\nEnviado: 2 de março de 2026 09:40\nPara: Testa\nAssunto: x",
    "nl": "Van: Desk <desk@consultant.example>\nVerzonden: maandag 2 maart 2026 09:40\nAan: Testa\nOnderwerp: x",
    "sv": "Från: Desk <desk@consultant.example>\nSkickat: den 2 mars 2026 09:40\nTill: Testa\nÄmne: SV: x",
    "da": "Fra: Desk <desk@consultant.example>\nSendt: 2. marts 2026 09:40\nTil: Testa\nEmne: SV: x",
    "pl": "Od: Desk <desk@consultant.example>\nWysłano: poniedziałek, 2 marca 2026 09:40\nDo: Testa\nTemat: x",
    "ru": "От: Desk <desk@consultant.example>\nОтправлено: 2 марта 2026 г. 9:40\nКому: Testa\nТема: x",
    "ja": "差出人: Desk <desk@consultant.example>\n送信日時: 2026年3月2日 9:40\n宛先: Testa\n件名: x",
    "zh": "发件人： Desk <desk@consultant.example>\n发送时间： 2026年3月2日 9:40\n收件人： Testa\n主题： x",
    "original": "-----Original Message-----\nFrom: Desk <desk@x.example>\nSent: Monday 9:40\nTo: T\nSubject: x",
}


def parts(text: str, *, subject: str = "", sender_name: str = "", reply: bool = True) -> Parts:
    rows = [(line, Mark.NEW) for line in text.split("\n")]
    return split(rows, subject=subject, sender_name=sender_name, reply=reply)


@pytest.mark.parametrize("language", INTRODUCTIONS)
def test_an_introduced_quote_is_folded(language: str) -> None:
    """Promise the answer above and below as new text, whatever the language of the mail program."""
    found = parts(f"Answer above.\n\n{INTRODUCTIONS[language]}\n\n> Old question?\n>> Older.\n\nAnswer below.")
    assert found.new == "Answer above.\n\nAnswer below."
    assert "Old question?" in found.quoted


@pytest.mark.parametrize("language", BLOCKS)
def test_a_copied_header_folds_the_letter_below(language: str) -> None:
    """Promise that Outlook's way of quoting is known."""
    found = parts(f"Is it 11441?\n\n{BLOCKS[language]}\n\nOld question?")
    assert found.new == "Is it 11441?"
    assert found.quoted.endswith("Old question?")


CLINICAL = {
    "an operative note": "From: the operative note, the patient had an abscess.\nTo: be sure, the fascia was open.",
    "a dated note": "On 03/02/2026 the surgeon wrote:\nExcision of a lesion, 0.4 cm.",
    "figures under a dated note": "On POD 2 at 10:30 the resident wrote:\n> 5 cm wound\n> 2 cm deep",
    "a form without a mailbox or time": "From: OR 3\nDate: March 2\nTo: ward\nSubject: lesion",
    "comparisons": "> 50% of time\n>30 minutes\n>= 0.6 cm\n> $500",
    "a line of dashes": "Findings\n----------------\nLesion of the chin",
    "a lone separator and a question": "Code?\n--\nIs it 11440?",
    "a fact after thanks": "Thanks,\nThe lesion was 0.4 cm and coded 11440",
    "a question after thanks": "Thank you!\nWhat about the repair?",
    "a quoted payer sentence": 'The payer wrote: "not covered".',
    "a single mark": "> see the note",
}


@pytest.mark.parametrize("case", CLINICAL)
def test_clinical_text_is_never_folded(case: str) -> None:
    """Promise that what only looks like a mail program's mark stays new text in a first letter."""
    text = f"Dear desk,\n{CLINICAL[case]}\nWhich code?"
    assert parts(text, reply=False) == Parts(new=text, quoted="", signature="")


def test_answers_between_quotes_are_new_text() -> None:
    """Promise inline posting, a numbered list in the quote included."""
    found = parts(f"{INTRODUCTIONS['en']}\n> 1. Site?\nChin.\n> 2. Size?\n0.4 cm.\n> > 50% of time?\nYes.")
    assert found.new == "Chin.\n0.4 cm.\nYes."


@pytest.mark.parametrize("above", ["", "See below.", "FYI", "Hi desk,\nplease advise on the question below. Thanks!"])
@pytest.mark.parametrize("marker", ["---------- Forwarded message ---------\n", "Begin forwarded message:\n\n", ""])
def test_a_forwarded_question_is_new_text(above: str, marker: str) -> None:
    """Promise the forwarded body, without its copied header, as new text."""
    found = parts(f"{above}\n\n{marker}{BLOCKS['en']}\n\nWhich code for the ear?", subject="Fwd: ear", reply=False)
    assert found.new == f"{above}\n\nWhich code for the ear?".strip()
    assert "Sent:" in found.quoted


def test_only_the_first_forwarded_letter_is_unfolded() -> None:
    """Promise that a yet older letter below it stays a quote."""
    found = parts(f"{BLOCKS['en']}\n\nWhich code?\n\n{BLOCKS['de']}\n\nOldest.", subject="FW: x", reply=False)
    assert found.new == "Which code?"
    assert found.quoted.endswith("Oldest.")


SIGNATURES = {
    "separator": "-- \nTesta Sampleton\n555-0101",
    "close": "Best regards,\n\nTesta Sampleton, CPC\nSpringfield, IL 62701",
    "phone": "Sent from my iPhone",
    "phone de": "Von meinem iPhone gesendet",
    "phone fr": "Envoyé de mon iPhone",
    "outlook": "Get Outlook for iOS",
    "notice": "CONFIDENTIALITY NOTICE: This message is invented\nand meant for nobody.",
    "name alone": "Testa Sampleton, CPC\nInvented Clinic | 555-0101",
}


@pytest.mark.parametrize("kind", SIGNATURES)
def test_a_signature_is_set_apart(kind: str) -> None:
    """Promise that the signature is folded, with and without a quote below."""
    for tail in ("", f"\n\n{INTRODUCTIONS['en']}\n> Old"):
        found = parts(f"Is it 11440?\n\n{SIGNATURES[kind]}{tail}", sender_name="Testa Sampleton")
        assert found.new == "Is it 11440?"
        assert found.signature == SIGNATURES[kind]


def test_marks_from_html_are_kept() -> None:
    """Promise that what the mail program wrapped as a quote stays one."""
    rows = [("New.", Mark.NEW), ("Old.", Mark.QUOTED), ("Testa", Mark.SIGNATURE), ("New again.", Mark.NEW)]
    assert split(rows, reply=True) == Parts("New.\nNew again.", "Old.", "Testa")


LINE = st.sampled_from(
    [
        *INTRODUCTIONS.values(),
        *(line for block in BLOCKS.values() for line in block.split("\n")),
        *SIGNATURES.values(),
        "---------- Forwarded message ---------",
        "> quoted",
        "> 50% of time",
        ">",
        "",
        "Is it 11440?",
        "____________________",
        "-- ",
        "Thanks,",
        "see below",
    ]
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.one_of(LINE, st.text(max_size=30)), max_size=25),
    st.sampled_from(["", "Fwd: x", "Re: x"]),
    st.booleans(),
)
def test_every_word_goes_to_exactly_one_part(lines: list[str], subject: str, reply: bool) -> None:
    """Promise that splitting is total and that nothing is lost or doubled, quote marks of forwards aside."""
    text = "\n".join(lines)
    found = parts(text, subject=subject, sender_name="Testa Sampleton", reply=reply)
    words = [
        sorted(re.findall(r"[^\s>]+", part)) for part in (text, "\n".join((found.new, found.quoted, found.signature)))
    ]
    assert words[0] == words[1]


@pytest.mark.parametrize(
    "line", ["", "On ", "> x", "From: x", "Thanks,", "-- ", "-----Original Message-----", "a" * 499, " " * 499]
)
def test_splitting_is_linear(line: str) -> None:
    """Promise that twice the lines take about twice the processor time, where it can be measured at all."""

    def cost(count: int) -> float:
        rows = [(line, Mark.NEW)] * count
        before = time.process_time()
        split(rows, reply=True)
        return time.process_time() - before

    assert cost(1_500) < max(0.15, 8 * min(cost(500), cost(500)))


def test_lines_beyond_the_limit_are_new_text() -> None:
    """Promise that the limit loses nothing."""
    found = parts("\n".join(["> q", "> r"] * (MAX_LINES // 2)) + "\nLast words, unquoted\n> and a quote")
    assert found.new == "Last words, unquoted\n> and a quote"
