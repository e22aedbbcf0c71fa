"""Read the stages of Mohs surgery and the blocks of each: what its codes count."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from consultant.questions.aside import Aside
from consultant.questions.counting import NUMBER, number
from consultant.questions.model import Fact, Span, Subject
from consultant.questions.passages import Sentences, Status, status

_BLOCKS_OF_A_STAGE: Final = 5
"""So many blocks a stage includes; each further one is counted (CPT 2026, Mohs micrographic surgery)."""
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_ORDINALS: Final = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
}
_COUNTED: Final = re.compile(
    rf"(?:(?<![\w.>#-])|(?<=\bx))(?P<n>{NUMBER})[ \t-](?:mohs[ \t]|total[ \t]|surgical[ \t])?(?:stages?|layers?"
    rf"|levels?|passes|rounds?)\b"
    rf"|\b(?:stages|layers|levels)(?:[ \t]*[:=x×][ \t]*|[ \t](?:was|were|needed|taken)[ \t])(?P<m>{NUMBER})\b",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"\b(?:stage|layer|level|st(?=[ \t][iv\d]))[ \t]?[#:]?[ \t]?(?:number[ \t]|no\.?[ \t])?(?P<roman>vi|iv|v|i{1,3}"
    r"|[1-6]|one|two|three|four|five|six)\b(?![ \t]?(?:cancer|melanoma|disease))"
    r"|\b(?P<word>first|second|third|fourth|1st|2nd|3rd|4th)[ \t](?:mohs[ \t])?(?:stage|layer|level)\b",
    re.IGNORECASE,
)
_BLOCKS: Final = re.compile(
    rf"(?<![\w.>-])(?P<n>{NUMBER})[ \t](?:tissue[ \t]|frozen[ \t]|specimen[ \t])?(?:blocks?|sections|pieces)\b"
    rf"|\b(?:blocks?|sections|pieces)[ \t]?[:=x×][ \t]?(?P<m>{NUMBER})\b(?![ \t]?(?:cm|mm|[:=]))",
    re.IGNORECASE,
)
_STAGE_NAME: Final = r"(?:(?:stage|layer|st)[ \t]?)?(?:vi|iv|v|i{1,3}|[1-6]|first|second|third|fourth|1st|2nd|3rd|4th)"
# "Blocks per stage: I = 7, II = 4, III = 2", and "stage I (7), stage II (4)" where blocks are named before.
_BY_STAGE: Final = re.compile(
    rf"\bblocks?\b[^.;\n\d]{{0,36}}?(?P<row>(?:\b{_STAGE_NAME}[ \t]?(?:=|:|\(|-|–|had|with|was)[ \t]?\d{{1,2}}\)?"
    rf"(?:[,;/][ \t]?(?:and[ \t])?|[ \t]and[ \t]|[ \t]|(?=[.\n])|$)){{2,8}})",
    re.IGNORECASE,
)
_ONE_STAGE: Final = re.compile(
    rf"\b{_STAGE_NAME}[ \t]?(?:=|:|\(|-|–|had|with|was)[ \t]?(?P<n>\d{{1,2}})", re.IGNORECASE
)
# "Blocks 6/2/1" and "7, 4 and 2 blocks" go stage by stage.
_IN_A_ROW: Final = re.compile(
    r"\bblocks?(?: per (?:stage|layer))?[ \t]?[:=(]?[ \t]?(?P<row>\d{1,2}(?:[ \t]?(?:[/,+]|-"
    r"|and)[ \t]?\d{1,2}){1,6})(?!\d|[ \t]?[cm]m)"
    r"|(?<![\w./-])(?P<before>\d{1,2}(?:(?:[ \t]?[/,+][ \t]?(?:and[ \t])?"
    r"|[ \t]and[ \t])\d{1,2}){1,6})[ \t](?:tissue[ \t])?blocks\b",
    re.IGNORECASE,
)
_LIMIT: Final = re.compile(
    r"\b(?:more than|over|beyond|exceed\w*|above|up to|at most|fewer than|less than|than|within)[ \t]$|>[ \t]?$",
    re.IGNORECASE,
)
_BEYOND: Final = re.compile(
    rf"(?<![\w.-])(?P<n>{NUMBER})[ \t](?:extra|additional|more|further)[ \t](?:tissue[ \t])?blocks?\b"
    rf"|(?<![\w.-])(?P<m>{NUMBER})[ \t]blocks?[ \t](?:beyond|over|above|past)\b",
    re.IGNORECASE,
)


_SLIDES: Final = r"(?:slides?|sections?|frozens?|frozen sections?|tissue|specimens?|margins|layers)"
_READ: Final = (
    r"(?:reads?|reading|interpret(?:s|ed|ing)?|examin(?:es|ed|ing)|review(?:s|ed|ing)|looked at"
    r"|looks at|did the (?:path|histology)\w*)"
)
_OTHER: Final = (
    r"(?:(?<!own )(?<!and )(?<!as )(?:dermato)?pathologists?|partner|colleague|(?:another"
    r"|a different|an outside|a second) "
    r"(?:\w+ )?(?:doctor|physician|surgeon|dermatologist|provider|lab)|outside lab|hospital lab"
    r"|pathology (?:lab|department|group))"
)
# CPT 2026, Mohs micrographic surgery: one physician is surgeon and pathologist, or it is an excision.
_READ_BY_OTHER: Final = re.compile(
    rf"\b{_SLIDES}\b(?:(?!\b(?:surgeon|same|himself|herself)\b)[^.;\n]){{0,40}}\b{_READ}\b(?:(?!\b(?:surgeon"
    rf"|same|himself|herself)\b)[^.;\n]){{0,24}}\bby\b"
    rf"(?:(?!\b(?:surgeon|same|himself|herself)\b)[^.;\n]){{0,32}}\b{_OTHER}\b"
    rf"|\b{_OTHER}\b[ \t](?:\w+[ \t]){{0,3}}?{_READ}\b[^.;\n]{{0,24}}\b{_SLIDES}\b"
    rf"|\b{_SLIDES}\b[^.;\n]{{0,24}}\b(?:sent|go|went"
    rf"|goes)\b[^.;\n]{{0,16}}\bto\b[^.;\n]{{0,16}}\b{_OTHER}\b[^.;\n]{{0,24}}\b(?:read|reading|interpret\w*)\b",
    re.IGNORECASE,
)


def counted(text: str, sentences: Sentences, aside: Aside, lesions: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """Return the lesions, those treated by Mohs surgery with `stage_count` and `extra_block_count` where told.

    Of several tumors each takes what stands behind its own site and before the next one's.
    """
    tumors = [place for place, subject in enumerate(lesions) if subject.values().get("technique") == "mohs"]
    if not tumors:
        return lesions
    starts = {place: _start(lesions[place]) for place in tumors}
    ordered = sorted(tumors, key=lambda place: starts[place])
    told = list(lesions)
    for at, place in enumerate(ordered):
        start, end = _stretch(text, sentences, [starts[row] for row in ordered], at)
        facts = [*_stages(text, aside, start, end), *_other_reader(text, sentences)]
        told[place] = _excised(Subject("lesion", (*lesions[place].facts, *facts)))
    return tuple(told)


def _stretch(text: str, sentences: Sentences, places: list[int], at: int) -> tuple[int, int]:
    """Return where the stages of one of several tumors are told: in its sentences, or in its part of one."""
    sentence = sentences.around(places[at])
    mates = [place for place in places if sentence.start <= place < sentence.end]
    # "2 stages of the cheek and 1 of the hand" sets each number before its place, "cheek 2 stages, hand 1" behind.
    leading = _COUNTED.search(text, sentence.start, mates[0]) is not None
    start = 0 if at == 0 else sentence.start
    if places[at] != mates[0]:
        start = places[at - 1] if leading else places[at]
    if places[at] != mates[-1]:
        return start, places[at] if leading else places[at + 1]
    return start, len(text) if at + 1 == len(places) else sentences.around(places[at + 1]).start


def _excised(lesion: Subject) -> Subject:
    """Return a tumor whose slides somebody else read as excised, where its size and margins tell the code.

    Mohs surgery is that of one physician as surgeon and pathologist; else an excision is reported (CPT, Mohs
    micrographic surgery).
    """
    values = lesion.values()
    sized = "excised_diameter_cm" in values or {"lesion_diameter_cm", "margin_cm"} <= values.keys()
    if not (values.get("separate_pathologist") is True and sized):
        return lesion
    left_out = ("separate_pathologist", "stage_count", "extra_block_count")
    rest = [fact for fact in lesion.facts if fact.name not in left_out]
    facts = [replace(fact, value="excision") if fact.value == "mohs" else fact for fact in rest]
    return Subject("lesion", tuple(facts))


def _other_reader(text: str, sentences: Sentences) -> Iterable[Fact]:
    """Yield that somebody else than the surgeon read the slides."""
    for match in _READ_BY_OTHER.finditer(text):
        if status(sentences, match.start(), match.end(), act=False) is Status.AFFIRMED:
            yield Fact("separate_pathologist", True, Span(*match.span()))
            return


def _start(subject: Subject) -> int:
    placed = [fact.span.start for fact in subject.facts if fact.name == "site"]
    return min(placed or [fact.span.start for fact in subject.facts])


def _stages(text: str, aside: Aside, start: int, end: int) -> Iterable[Fact]:
    """Yield how many stages a stretch tells of and how many of their blocks were beyond the fifth."""
    told = [match for match in _COUNTED.finditer(text, start, end) if not aside.holds(match.start())]
    told = [match for match in told if not _LIMIT.search(text, max(0, match.start() - 16), match.start())]
    named = [match for match in _NAMED.finditer(text, start, end) if not aside.holds(match.start())]
    if told:
        match = told[0]
        name = "n" if match["n"] else "m"
        yield Fact("stage_count", number(match[name]), Span(*match.span(name)))
    elif named:
        last = max(named, key=_place)
        yield Fact("stage_count", _place(last), Span(*last.span()))
    beyond = _BEYOND.search(text, start, end)
    if beyond:
        name = "n" if beyond["n"] else "m"
        yield Fact("extra_block_count", number(beyond[name]), Span(*beyond.span(name)))
        return
    blocks = [
        match
        for match in _BLOCKS.finditer(text, start, end)
        if not _LIMIT.search(text, max(0, match.start() - 16), match.start())
    ]
    counts = [number(match["n"] or match["m"]) for match in blocks]
    if (row := _IN_A_ROW.search(text, start, end)) and len(counts) < 2:
        counts = [int(one) for one in re.findall(r"\d+", row["row"] or row["before"])]
        blocks = [row]
    if not counts and (listed := _BY_STAGE.search(text, start, end)):
        counts = [int(row["n"]) for row in _ONE_STAGE.finditer(listed["row"])]
        blocks = [listed]
        if not told and not named:
            yield Fact("stage_count", len(counts), Span(*listed.span("row")))
    whole = next((count for count in counts if len(counts) > 2 and 2 * count == sum(counts)), None)
    if whole is not None and len(counts) != len({_place(match) for match in named}):
        # "13 blocks" of them all, beside 7, 4 and 2 stage by stage.
        counts.remove(whole)
    extra = sum(max(0, count - _BLOCKS_OF_A_STAGE) for count in counts)
    if extra:
        yield Fact("extra_block_count", extra, Span(blocks[0].start(), blocks[-1].end()))


def _place(match: re.Match[str]) -> int:
    if match["word"]:
        return _ORDINALS[match["word"].lower()]
    written = match["roman"].lower()
    return int(written) if written.isdigit() else _ROMAN.get(written) or number(written)
