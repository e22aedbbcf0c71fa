"""Say which stretches of a letter do not tell what was done to this patient on this day by this practice.

An operative note has headings: what stands under "History" was done before, what stands under "Plan" is still to come.
In a mail the same is said in a clause: "billed by general surgery", "(coded)", "at another office".
"""

import re
from dataclasses import dataclass
from typing import Final

from consultant.questions.passages import Sentences, Status, status
from consultant.questions.sections import Part

_BY_OTHERS: Final = re.compile(
    r"[^.;,\n]{0,48}?(?:\((?:already )?(?:coded|billed|done|(?:i|we) (?:already )?(?:have|know|got|billed|coded))\b"
    r"|\b(?:is|are|was|were|been|gets?|being)(?: all)?(?: already| separately)? (?:coded|billed|reported"
    r"|handled|charged|captured)"
    r"(?! (?:as|with|under|for|using)\b)(?: already| separately| elsewhere| by\b| too| out)?"
    r"|,? which (?:i|we)(?:['’]ve| have|['’]d| had)? (?:already |all )?(?:coded|billed|keyed|entered)\b"
    r"|\b(?:coded|billed|done|performed) (?:already|elsewhere|separately|by (?:another|other|outside|someone"
    r"|somebody|an? \w+ surgeon of another))"
    r"|\b(?:done|performed|made|placed|removed|excised|repaired)? ?(?:at|by|in|from) (?:an?(?:other| outside"
    r"| different)|other|outside"
    r"|(?:a|another) \w+ (?:of|at) another)\b|\belsewhere\b)",
    re.IGNORECASE,
)
_ANOTHER_ACT: Final = re.compile(r"\b(?:after|following|for|from|s/p|post|since|status post)\b", re.IGNORECASE)
_BY_OTHERS_BEFORE: Final = re.compile(
    r"\b(?:another|other|outside|different) (?:surgeon|doctor|physician|practice|facility|hosp(?:ital)?"
    r"|office|provider|derm\w*)(?:'s)?"
    r"[^.;,\n]{0,24}$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Zones:
    """A letter by what was done here and now, before, later and by others."""

    sentences: Sentences

    def bygone(self, position: int) -> bool:
        """Tell whether a place lies under a heading of history."""
        return self.sentences.part(position) in (Part.HISTORY, Part.PAST)

    def ahead(self, position: int) -> bool:
        """Tell whether a place lies under a heading of plans."""
        return self.sentences.part(position) is Part.PLAN

    def done(self, start: int, end: int) -> Status | None:
        """Say how certain it is that what these words name was done here and now; None where it was not."""
        if self.bygone(start) or self.ahead(start) or self.by_others(start, end):
            return None
        meant = status(self.sentences, start, end, act=True)
        return meant if meant in (Status.AFFIRMED, Status.UNCERTAIN) else None

    def found(self, start: int, end: int) -> Status | None:
        """Say how certain a finding is; None where it is denied, past or only feared for the future."""
        if self.ahead(start):
            return None
        meant = status(self.sentences, start, end, act=False)
        return meant if meant in (Status.AFFIRMED, Status.UNCERTAIN) else None

    def by_others(self, start: int, end: int) -> bool:
        """Tell whether the letter says that somebody else did it, or that it is coded already."""
        text, sentence = self.sentences.text, self.sentences.around(start)
        behind = text[end : min(sentence.end, end + 110)]
        other = _BY_OTHERS.match(behind)
        if other and _ANOTHER_ACT.search(other[0]):
            # "A flap after Mohs by another physician": the flap is ours.
            other = None
        return bool(other or _BY_OTHERS_BEFORE.search(text, max(sentence.start, start - 60), start))
