"""Says which services a letter names that its claim lines leave out: part of a claim must not pass for the whole."""

from consultant.evidence.asked import direct
from consultant.evidence.citing import of_release
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.evidence.wording import joined


def beside(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Name, in the sender's words, the services that no line of the claim is for; nothing without a line."""
    text = inquiry.question.text
    named = [f'"{" ".join(text[span.start : span.end].split())}"' for span in inquiry.question.beside]
    if not named or not inquiry.lines:
        return ()
    rest = "it, and it may have a code of its own" if len(named) == 1 else "them, and they may have codes of their own"
    said = f"Your letter also names {joined(named)}; this answer does not code {rest}."
    return (direct(FindingKind.CAVEAT, "beside", said, (of_release(inquiry.release),)),)
