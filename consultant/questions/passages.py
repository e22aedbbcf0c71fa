"""Cut a text into sentences and clauses, and say how a word in them is meant: affirmed, denied, past, planned, unsure.

The triggers and their reach follow the idea of NegEx and ConText (Chapman et al. 2001, Harkema et al. 2009): a
trigger in front of or behind the word within the same clause, ended by words such as "but".
"""

import re
from bisect import bisect_right
from enum import StrEnum
from itertools import pairwise
from typing import Final

from consultant.questions import listing
from consultant.questions.model import Span
from consultant.questions.sections import Part, Sections


class Status(StrEnum):
    """How a thing that the letter names is meant."""

    AFFIRMED = "affirmed"
    UNCERTAIN = "uncertain"
    NEGATED = "negated"
    HISTORICAL = "historical"
    PLANNED = "planned"


_END: Final = re.compile(
    r"(?<!\bDr)(?<!\bM[rs])(?<!\bMrs)(?<!\bapprox)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bdx)(?<!\bno)(?<!\bpt)(?<!\bincl)(?<!\binch)"
    r"(?<!\d in)(?<!\din)(?<!\bgest)"
    r"(?<!\b[A-Z](?=\.[ ](?:coli|aureus|pneumoniae|influenzae|pyogenes|faecalis|epidermidis|aeruginosa)\b))"
    r"[.!?]{1,3}(?=[\s)\"”]|$)[)\"”]?|;|\n[ \t]{0,8}\n|\n(?=[ \t]{0,8}(?:\(?\d{1,2}[.):]|[-*•]|[A-E][.)])[ \t])"
    r"|\n(?=[ \t]{0,8}[A-Z][\w #/&'-]{1,24}:)"
    # The rows of a table.
    r"|\n(?=[^\n|]{0,60}[ \t]\|[ \t]|[^\n\t]{1,60}\t+[^\n\t]{1,60}\t"
    r"|[ \t]*\S+(?:[ ]\S+){0,4}[ ]{2,}\S+(?:[ ]\S+){0,4}[ ]{2,}\S)",
    re.IGNORECASE,
)


# A line that a mail program broke: long enough to be full, and what follows goes on in the same paragraph.
_WRAPPED: Final = re.compile(
    r"(?<=[^\n]{45})[ \t]?\n(?=[a-z(\d])(?![a-z]?\d{0,2}[.):][ \t])(?!\d{1,2}[ \t]?[-–][ \t])(?![a-z]\))"
    # The next line of a flowsheet begins with its hour.
    r"(?!(?:\d{1,2}:\d\d|[01]\d[0-5]\d)[ \t:,-])"
)


def unwrapped(text: str) -> str:
    """Return the text with broken lines joined by blanks, character for character, so that every place stays."""
    return _WRAPPED.sub(lambda match: " " * len(match[0]), text)


def quoted(text: str, position: int) -> bool:
    """Tell whether a place stands in a line that is quoted from an older letter."""
    return text[text.rfind("\n", 0, position) + 1 :].lstrip(" \t").startswith(">")


class Sentences:
    """The sentences of one text, found once and asked by position; each item of a numbered list begins one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.items = listing.items(text)
        self.bare = listing.bare(text)
        """Items of lists that no number labels: bullets and the lines of tables."""
        within = {position for item in self.items for position in range(item.start, item.end)}
        # The full stop of "A." ends no sentence, and what a label introduces stands in its sentence.
        ends = {match.end() for match in _END.finditer(text) if match.start() not in within}
        # An item of a list ends with its line where the next one begins anew.
        lines = {text.find("\n", item.start) + 1 for item in self.items}
        ends |= {end for end in lines if end and text[end : end + 1].isupper()}
        starts = {item.start for item in (*self.items, *self.bare)}
        # What stands below the last bullet or line of a table is none of it; what is set in goes on.
        below = {text.find("\n", item.start) + 1 for item in self.bare}
        ends |= {end for end in below if end and not text[end : end + 1].isspace()}
        bounds = sorted({0, *ends, *starts, len(text)})
        self.spans = tuple(Span(start, end) for start, end in pairwise(bounds) if text[start:end].strip())
        self._starts = [span.start for span in self.spans]
        self._sections = Sections(text)
        subject = _SUBJECT.match(text)
        self.body = subject.end() if subject else 0
        """Where the text below a subject line begins, whose words deny nothing there."""

    def around(self, position: int) -> Span:
        """Return the sentence that holds this position; the whole text where there is none."""
        index = bisect_right(self._starts, position) - 1
        return self.spans[index] if index >= 0 else Span(0, len(self.text))

    def part(self, position: int) -> Part | None:
        """Return the part of a note that this position stands in: its history, its plan, or None of them."""
        return self._sections.part(position)


_SUBJECT: Final = re.compile(r"\s*subj(?:ect)?[ \t]?:[^\n]*\n", re.IGNORECASE)
_REACH: Final = 48
_FAR: Final = 240
_BREAK: Final = re.compile(
    r"\b(?:but|however|although|though|except|yet|while|whereas|then|which|who|now|today)\b|[;:\n]{1}(?=\s)|\n(?=(?-i:[A-Z]))|\n\Z",
    re.IGNORECASE,
)
_NEGATION: Final = (
    r"no|not|without|w/o|(?:was|were|is|are|did|do|does|has|have|had)n['’]?t|never|denies|denied|deny|denying"
    r"|lacks|negative for"
    r"|neg for|absence of"
    r"|instead of|rather than|free of|nor|neither|no evidence of|nothing"
)
_PAST_DISEASE: Final = (
    r"(?:past |personal |family |prior |previous |medical )?(?:history|hx)(?: of)?|h/o|fhx?|pmhx?|known for"
)
_PAST_ACT: Final = _PAST_DISEASE + (
    r"|s/p|status[- ]post|previously|already(?= (?:been |had )*$)|last (?:year|month|week|visit|fall"
    r"|spring|summer|winter|time|jan\w*|feb\w*|march|april|june|july|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*)"
    r"|in (?:19|20)\d\d|already had|once had"
)
# The plan of an insurer is no plan of what will be done.
_INSURERS: Final = "".join(
    rf"(?<!{word} )"
    for word in (
        "commercial", "insurance", "health", "advantage", "cross", "shield", "aetna", "cigna", "humana", "medicare",
        "medicaid", "uhc", "bcbs", "payer", "this", "that", "hmo", "ppo", "ma", "anthem", "tricare", "care", "same",
    )
)  # fmt: skip
_PLAN: Final = (
    rf"will|{_INSURERS}plans?(?! (?:of care|tak|pay|accept|follow|goes|allow|want|cover|requir|says?|that"
    r"|on file|in place|done|made|given)\w*)(?![,.;)])"
    r"(?: to| for| is)?|(?<!\bthe )(?<!\bas )planned(?! (?:repeat|return|second|2nd|staged|re-?\w+|delay\w*|divi\w+"
    r"|serial|take-?down))"
    r"|planning|going to|scheduled(?: to| for)?|schedule|to be|return(?:s|ing)? for"
    r"|consider(?:ing)?|recommend(?:ed|s)?|refer(?:red|ral)? (?:for|to)|wants? to|would like"
    r"|await(?:s|ing)?|discussed|consented for"
)
_UNSURE: Final = (
    r"likely|probable|probably|possible|possibly|suspect(?:ed|s)?|suspicious(?: for)?|susp|concern(?:ing|ed)?(?: for)?"
    r"|worrisome for|consistent with|c/w|favor(?:s|ed)?|r/o|rule[- ]?out|ruling out|versus|vs|question of|presum\w{0,6}"
    r"|appears?(?: to be)?|looks? like|differential|ddx|maybe|might be|could be|may be|thought to be"
    r"|clinically|unclear if"
)
_CUSTOM: Final = (
    r"(?:like|as|the (?:code|one|way) (?:that )?) ?(?:we|i|they|others?|my \w+) (?:always |usually |normally "
    r"|also )?(?:use|used|do|did|bill"
    r"|billed|code|coded|report|send|have)|(?:like|as) (?:with|for) (?:our|the) other"
)
"""What a practice does in other cases: "is it the code that we use for our teens' PHQ?"."""
_HANGS: Final = re.compile(
    r"\b(?:hangs?|hung|depend(?:s|ed|ing)?|hinge[sd]?|turns?|comes? down|boils? down|goes?) (?:up)?(?:on|to"
    r"|by) (?:whether|if)\b"
    r"[^.;?!\n]*$",
    re.IGNORECASE,
)
"""What a code hangs on is named and not told, however long the clause is."""
_CONDITION: Final = r"if|whether|in case|unless|should it be|had it been|were it"


_NEGATED_BEFORE: Final = re.compile(rf"(?<![\w/])(?:{_NEGATION})(?![\w/])", re.IGNORECASE)
_TRIGGERS: Final = {
    "past_disease": re.compile(rf"(?<![\w/])(?:{_PAST_DISEASE})(?![\w/])", re.IGNORECASE),
    "past_act": re.compile(rf"(?<![\w/])(?:{_PAST_ACT})(?![\w/])", re.IGNORECASE),
    "plan": re.compile(rf"(?<![\w/])(?:{_PLAN})(?![\w/])", re.IGNORECASE),
    "custom": re.compile(rf"(?<![\w/])(?:{_CUSTOM})(?![\w/])", re.IGNORECASE),
    "unsure": re.compile(rf"(?<![\w/])(?:{_UNSURE})(?![\w/])|\?[ \t]?$", re.IGNORECASE),
    "condition": re.compile(rf"(?<![\w/])(?:{_CONDITION})(?![\w/])", re.IGNORECASE),
}
_NEGATED_BEHIND: Final = re.compile(
    # "Border removed with the matrix left alone" says so of the matrix.
    r"(?:(?!\b(?:with|leaving|matri(?:x|ces))\b)[^.;,(\n]){0,28}?"
    r"\b(?:(?:was|were|is|are)(?: not|n'?t)|not|never|ruled out|spared|untouched"
    r"|left (?:in place|intact|alone)"
    r"|(?:was|is) negative|intact|viable)\b",
    re.IGNORECASE,
)
_PAST_BEHIND: Final = re.compile(
    (
        # "Screening, last one 14 months ago": the last one was then, and this one was not.
        r"(?:(?!\b(?:last|previous|prior|since|first|part b|enroll\w*)\b)[^.;\n]){0,32}?\b"
        r"(?:(?:years?|months?|yrs?|mos?|weeks?) (?:ago|prior)|last (?:year|month|week)(?!'s)"
        r"|in (?:19|20)\d\d|back in (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
        r"|(?<!not )(?<!not yet )earlier this (?:year|month|week))\b"
    ),
    re.IGNORECASE,
)
# Within a history a bare year is when it was: "BCC of the nose 2016".
_YEAR_BEHIND: Final = re.compile(r"[^.;\n]{0,40}?\b(?:19|20)\d\d\b")
_PLAN_BEHIND: Final = re.compile(
    r"[^.;\n]{0,28}?\b(?:next (?:week|month|visit|cycle|session|time)|is (?:planned|scheduled)|tomorrow"
    r"|(?<!\bas )(?<!\bwas )(?<!\bwere )planned (?:for|in|at|next|later|this)|(?:to be (?:given|done|placed|started"
    r"|scheduled)|later (?:this|in the) (?:week|month|year|fall|spring|summer|winter))"
    r"|at a later date|scheduled for|will (?:be|follow|need|start|begin)"
    r"|another day|to follow)\b",
    re.IGNORECASE,
)
# "RTC 6 wks" and "f/u prn" tell of the visit that is to come.
TO_COME: Final = re.compile(
    r"[ \t]?:?[ \t]?(?:in[ \t])?(?:prn|as needed|if\b|when\b|with (?:pcp|your|his|her)"
    r"|\d{1,2}(?:[ \t]?(?:-|–|to)[ \t]?\d{1,2})?"
    r"[ \t]?(?:d|days?|w|wks?|weeks?|m|mos?|months?|h|hrs?|hours?|y|yrs?|years?)\b"
    r"(?![ \t](?:after|post|s/p|from|since|p/o|out|later|of|for|visit|check)))",
    re.IGNORECASE,
)
_NEXT_VISIT: Final = re.compile(r"(?:f/?u|follow[- ]?up|recheck|rtc|return)$", re.IGNORECASE)
_UNSURE_BEHIND: Final = re.compile(
    r"[ \t]{0,2}(?:\(\?\)|\?(?=[ \t,;])|vs\.?\b|versus\b|suspected\b|or (?:melanoma|bcc|scc)\b)", re.IGNORECASE
)
# A heading with its answer: "STREP: not tested", "Biopsy: none taken".
_ANSWERED_NO: Final = re.compile(
    r"[ \t\w]{0,20}:[ \t]{0,3}(?:none\b|nil\b|n/a\b|deferred\b|omitted\b|cancel\w+|no(?=[ \t]?(?:[.;,\n]|$))"
    r"|not (?:done|tested|performed|given|needed|necessary|taken|used|ordered|obtained|applied|placed|today|indicated"
    r"|on)\b)",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(r"[ \t](?:was |came out )?(?:intact|in toto|whole)\b", re.IGNORECASE)
_TAKEN_OUT: Final = re.compile(
    r"\b(?:remov\w+|extract\w+|retriev\w+|excis\w+|deliver\w+|pulled|(?:taken|took|came|pulled) out)$", re.IGNORECASE
)
_BILLING: Final = re.compile(
    r"\b(?:bill\w*|cod(?:e|es|ed|ing)|report\w*|charg\w*|pa(?:y|id|yment)|cover\w*|you|your|help|tell|advise)\b",
    re.IGNORECASE,
)
_LIST: Final = re.compile(r"(?:[\w' /-]{1,24},[ \t]?){1,4}(?:[\w' /-]{0,24})?", re.IGNORECASE)
_ALTERNATIVE: Final = re.compile(r"^[\w' ,/-]{0,40}\b(?:or|nor)\b|\b(?:or|nor)[ \t]\w{0,12}[ \t]?$", re.IGNORECASE)


def status(sentences: Sentences, start: int, end: int, *, act: bool) -> Status:
    """Say how the stretch is meant; `act` is True for things done (excised), False for findings (melanoma)."""
    text, sentence = sentences.text, sentences.around(start)
    since = max(sentence.start, sentences.body if start >= sentences.body else 0)
    before = text[max(since, start - _REACH - 24) : start]
    breaks = [
        row for row in _BREAK.finditer(before) if row.end() < len(before) or row[0] != "\n" or text[start].isupper()
    ]
    before = before[breaks[-1].end() :] if breaks else before
    after = text[end : min(sentence.end, end + 64)]
    stop = _BREAK.search(after)
    after = after[: stop.start()] if stop else after
    if _WHOLE.match(after) and _TAKEN_OUT.search(text, start, end):
        # "FB removed intact" left nothing behind.
        after = ""
    if _negated(before, after) or _ANSWERED_NO.match(text, end):
        return Status.NEGATED
    part = sentences.part(start)
    if part in (Part.HISTORY, Part.PAST) and (act or _YEAR_BEHIND.match(after)):
        return Status.HISTORICAL
    if part is Part.PLAN and act:
        return Status.PLANNED
    if _reaches("custom", before):
        return Status.HISTORICAL
    if _reaches("past_act" if act else "past_disease", before) or (act and _PAST_BEHIND.match(after)):
        return Status.HISTORICAL
    coming = _PLAN_BEHIND.match(after) or (_NEXT_VISIT.match(text, start, end) and TO_COME.match(after))
    if coming or _reaches("plan", before, barred=_BILLING):
        return Status.PLANNED
    if (
        _HANGS.search(text, max(since, start - _FAR), start)
        or _reaches("condition", before)
        or _reaches("unsure", before)
        or _UNSURE_BEHIND.match(after)
    ):
        return Status.UNCERTAIN
    return Status.AFFIRMED


def _negated(before: str, after: str) -> bool:
    triggers = list(_NEGATED_BEFORE.finditer(before))
    if triggers:
        gap = before[triggers[-1].end() :]
        listed = _LIST.fullmatch(gap.lstrip()) and _ALTERNATIVE.search(gap + " " + after[:40])
        if (
            len(gap) <= _REACH
            and "(" not in gap
            and ")" not in gap
            and ("," not in gap or listed)
            and not re.search(r"\b(?:only|sure|certain|know)\b", gap)
        ):
            return True
    return bool(_NEGATED_BEHIND.match(after))


def _reaches(kind: str, before: str, barred: re.Pattern[str] | None = None) -> bool:
    triggers = list(_TRIGGERS[kind].finditer(before))
    if not triggers:
        return False
    gap = before[triggers[-1].end() :]
    return len(gap) <= _REACH and gap.count(",") < 2 and ")" not in gap and not (barred and barred.search(gap))
