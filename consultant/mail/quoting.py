"""What the sender wrote in this letter, what is quoted from others, and the signature: folded, never deleted.

Each line goes to exactly one of the three, so nothing can be lost; in doubt a line is new text. Rules of our own do
this: parsers by one large expression take seconds for 10 kB of blank lines, read "From: the operative note" as a
header and "> 50% of time" as a quote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consultant.mail import marks
from consultant.mail.lines import Line, Mark

MAX_LINES = 10_000
_MAX_SIGNATURE = 12
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i|enc|doorst|vs|vb)\s?:", re.I)


@dataclass(frozen=True, slots=True)
class Parts:
    """A letter's text in three, each with its lines in the order of the letter."""

    new: str
    quoted: str
    signature: str


def split(lines: Sequence[Line], *, subject: str = "", sender_name: str = "", reply: bool = False) -> Parts:
    """Return the three parts of a text; total and linear. Lines beyond `MAX_LINES` are new text.

    `reply` says that the letter names a letter that it answers. A forward's body is kept as new text, its quote marks
    taken off; `sender_name` helps to know a signature without a close.
    """
    desk = _Desk([text for text, _ in lines[:MAX_LINES]], [mark for _, mark in lines[:MAX_LINES]], reply=reply)
    desk.fold_quotes()
    desk.fold_signature(sender_name)
    forwarded = bool(_FORWARD_SUBJECT.match(subject))
    desk.keep_forwarded(forwarded=forwarded)
    rest = [(text, Mark.NEW) for text, _ in lines[MAX_LINES:]]
    return _joined([*zip(desk.texts, desk.marks, strict=True), *rest])


class _Desk:
    """The lines of one letter and what each is taken for so far."""

    def __init__(self, texts: list[str], line_marks: list[Mark], *, reply: bool) -> None:
        self.texts = texts
        self.marks = line_marks
        self.reply = reply
        # Where an older letter begins, and where its own text begins after the copied header.
        self.older: tuple[int, int] | None = None
        self.is_forward = False

    def fold_quotes(self) -> None:
        """Mark quotes from top to bottom; an older letter without quote marks goes down to the end."""
        place = 0
        while place < len(self.texts):
            blank = not self.texts[place].strip()
            step = blank or self._older_letter(place) or self._introduced(place) or self._run(place, introduced=False)
            place += max(1, step)

    def _older_letter(self, place: int) -> int:
        """Fold all that follows a forward or original marker or a copied header block; return the lines passed."""
        texts = self.texts
        after = place + 1
        marker = marks.is_forward(texts[place]) or marks.is_original(texts[place]) or marks.is_rule(texts[place])
        while marker and after < len(texts) and after < place + 4 and not texts[after].strip():
            after += 1
        start = after if marker else place
        named = marker and not marks.is_rule(texts[place])
        block = marks.header_block(texts, start, marked=named) if start < len(texts) else 0
        if not block and not marks.is_original(texts[place]) and not marks.is_forward(texts[place]):
            return 0
        if self.older is not None:
            return 1
        if not block and not self._introduces_older(start):
            return 0
        self.is_forward = marks.is_forward(texts[place])
        self.older = (place, start + block)
        if marks.is_quote(texts[place]) or marks.is_quote(texts[min(start + block, len(texts) - 1)]):
            # The older letter carries quote marks itself, so an answer may follow it.
            self._mark(place, start + block, Mark.QUOTED)
            return start + block - place
        self._mark(place, len(texts), Mark.QUOTED)
        return len(texts) - place

    def _introduces_older(self, start: int) -> bool:
        """Tell whether text follows a marker line that has no header block; an empty rest is no letter."""
        return any(text.strip() for text in self.texts[start : start + 20])

    def _introduced(self, place: int) -> int:
        """Fold "On ... wrote:" with the quote that it introduces; return the lines passed."""
        count = marks.introduction(self.texts, place)
        if not count:
            return 0
        after = place + count
        while after < len(self.texts) and not self.texts[after].strip():
            after += 1
        if self._only_comparisons(after) and not self.reply:
            return 0
        if after < len(self.texts) and (marks.is_quote(self.texts[after]) or self.marks[after] is Mark.QUOTED):
            self._mark(place, after, Mark.QUOTED)
            return after - place + self._run(after, introduced=True)
        # Without quote marks the older letter is known by the mailbox that the line names, and by text above it.
        above = any(self.marks[i] is Mark.NEW and self.texts[i].strip() for i in range(max(0, place - 200), place))
        if above and marks.names_a_mailbox(" ".join(self.texts[place:after])):
            self._mark(place, len(self.texts), Mark.QUOTED)
            self.older = self.older or (place, after)
            return len(self.texts) - place
        return 0

    def _only_comparisons(self, place: int) -> bool:
        """Tell whether the run of lines with ">" at this place is a list of figures ("> 5 cm")."""
        end = place
        while end < len(self.texts) and marks.is_comparison(self.texts[end]):
            end += 1
        return end > place and not (end < len(self.texts) and marks.is_quote(self.texts[end]))

    def _run(self, place: int, *, introduced: bool) -> int:
        """Fold a run of lines with ">" unless they are comparisons; return the lines passed."""
        end = place
        while end < len(self.texts) and marks.is_quote(self.texts[end]):
            end += 1
        run = self.texts[place:end]
        if not run:
            return 0
        plain = [line for line in run if not marks.is_comparison(line)]
        if introduced or (plain and (self.reply or len(run) > 1)):
            self._mark(place, end, Mark.QUOTED)
        return end - place

    def fold_signature(self, sender_name: str) -> None:
        """Mark signatures at the end of each stretch of new text."""
        name = sender_name.strip().lower()
        for start, end in self._stretches():
            stop = self._fold_tail(start, end)
            self._fold_closing(start, stop, name if " " in name else None)

    def _stretches(self) -> list[tuple[int, int]]:
        """Return the runs of new lines as (start, end)."""
        found: list[tuple[int, int]] = []
        start: int | None = None
        for place, mark in enumerate([*self.marks, Mark.QUOTED]):
            if mark is Mark.NEW and start is None:
                start = place
            elif mark is not Mark.NEW and start is not None:
                found.append((start, place))
                start = None
        return found

    def _fold_tail(self, start: int, end: int) -> int:
        """Mark separators, phone lines and notices; return where the text before them ends."""
        stop = end
        for place in range(max(start, end - 60), end):
            if self.marks[place] is not Mark.NEW:
                continue
            text = self.texts[place]
            if marks.is_separator(text) and self._signs(place + 1, end):
                self._mark(place, end, Mark.SIGNATURE)
                return min(stop, place)
            if marks.is_phone_line(text):
                self._mark(place, place + 1, Mark.SIGNATURE)
                stop = min(stop, place)
            elif marks.is_notice(text):
                last = next((i for i in range(place, end) if not self.texts[i].strip()), end)
                if not any("?" in self.texts[i] for i in range(place, last)):
                    self._mark(place, last, Mark.SIGNATURE)
                    stop = min(stop, place)
        return stop

    def _fold_closing(self, start: int, stop: int, name: str | None) -> None:
        """Mark "Best regards," or the sender's own name with the lines below, if all could stand in a signature."""
        for place in range(max(start, stop - _MAX_SIGNATURE - 1), stop):
            text = self.texts[place]
            named = name is not None and text.strip().lower().startswith(name) and marks.may_sign(text)
            if (named or marks.is_closing(text)) and self._signs(place + 1, stop):
                self._mark(place, stop, Mark.SIGNATURE)
                return

    def _signs(self, start: int, end: int) -> bool:
        rows = [text for text in self.texts[start:end] if text.strip()]
        return len(rows) <= _MAX_SIGNATURE and all(marks.may_sign(text) for text in rows)

    def keep_forwarded(self, *, forwarded: bool) -> None:
        """Unfold a forwarded letter's own text: it is what the sender asks about.

        A reply whose new text only says "see below" is treated alike if an unmarked older letter follows.
        """
        new = _text(self.texts, self.marks, Mark.NEW)
        pointing = marks.only_points(new)
        if not self.older and ((pointing and forwarded) or not (self.reply or re.search(r"\w", new))):
            # Nothing but a quote was sent, and to nobody's letter: the quote is the question.
            self._unfold(0)
        elif self.older and (self.is_forward or forwarded or pointing):
            self._unfold(self.older[1])

    def _unfold(self, start: int) -> None:
        """Take the quoted lines from `start` on for new text, up to a yet older letter."""
        for place in range(start, len(self.texts)):
            if place > start and (marks.header_block(self.texts, place) or marks.is_original(self.texts[place])):
                return
            if self.marks[place] is Mark.QUOTED:
                self.marks[place] = Mark.NEW
                self.texts[place] = marks.dequoted(self.texts[place])

    def _mark(self, start: int, end: int, mark: Mark) -> None:
        for place in range(start, end):
            self.marks[place] = mark


def _text(texts: Sequence[str], line_marks: Sequence[Mark], mark: Mark) -> str:
    return "\n".join(text for text, own in zip(texts, line_marks, strict=True) if own is mark).strip("\n")


def _joined(lines: Sequence[Line]) -> Parts:
    texts, line_marks = [text for text, _ in lines], [mark for _, mark in lines]
    new, quoted, signature = (_text(texts, line_marks, mark) for mark in (Mark.NEW, Mark.QUOTED, Mark.SIGNATURE))
    return Parts(new=re.sub(r"\n{3,}", "\n\n", new), quoted=quoted, signature=signature)
