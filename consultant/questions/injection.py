"""Mark words that try to instruct the reader of the letter, so that a reviewer sees them. Nothing follows them."""

import re
from typing import Final

from consultant.questions.model import Span

_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            r"\b(?:ignore|disregard|forget|override|bypass|do not follow"
            r"|skip)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules|guidelines you|guardrails|programming"
            r"|training|everything (?:above|before)|(?:the )?(?:above|previous|prior) (?:text|messages?"
            r"|directions?)|(?:human |manual )?review(?:er)?|safety)\b"
        ),
        r"\b(?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b",
        (
            r"\b(?:reveal|print|repeat|show|reply with|output|send|tell me|leak"
            r"|display)\b[^.\n]{0,24}\b(?:prompt|your (?:instructions|rules|configuration|password|api key"
            r"|secrets?|credentials)|instructions above|other (?:patients?|askers?|customers?)'? ?(?:letters"
            r"|mails?|data|questions))\b"
        ),
        (
            r"\b(?:auto[- ]?)?approve (?:this|it|the (?:answer|draft|reply|claim|case)|immediately"
            r"|automatically|without (?:review|a reviewer))\b"
        ),
        (
            r"\b(?:send|reply|answer|respond|release|release it)\b[^.\n]{0,24}\b(?:without (?:any |human "
            r"|a )?(?:review|approval|reviewer|checking)|immediately without|automatically)\b"
        ),
        (
            r"\b(?:you are (?:now|no longer)|act as|pretend (?:to be|you(?:'re| are))|from now on,? you"
            r"|your new (?:role|task|instructions?)|roleplay as|jailbreak|dan mode|developer mode)\b"
        ),
        (
            r"\b(?:mark|set|flag|close|treat) (?:this|the|my) (?:case|letter|email|message|question"
            r"|ticket) as (?:approved|answered|trusted|reviewed|closed|verified|safe|admin\w*)\b"
        ),
        (
            r"\b(?:note|message|instructions?|attention)[ \t]{1,2}(?:to|for) (?:the )?(?:ai|llm|model"
            r"|assistant|bot|chatbot|language model|system)\b"
        ),
        (
            r"(?:^|\n)[ \t]{0,4}(?:<\|?(?:system|im_start|assistant|user)\|?>|\[/?(?:INST|SYSTEM)\]"
            r"|#{1,4}[ \t]?(?:system|instruction)s?\b|(?:system|assistant)[ \t]?:)"
        ),
        r"\bas an? (?:ai|llm|language model)\b|\b(?:dear|hello|hi|hey) (?:ai|chatgpt|gpt|claude|gemini|copilot|llm)\b",
        (
            r"\b(?:add|put|include|bcc|cc|forward|copy)\b[^.\n]{0,24}\b(?:this|the|your) (?:reply|answer"
            r"|response)\b[^.\n]{0,12}\bto\b"
        ),
    )
)


def find(text: str) -> tuple[Span, ...]:
    """Return each place that instructs the reader, in order, overlapping ones joined."""
    spans = sorted(match.span() for pattern in _PATTERNS for match in pattern.finditer(text))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        start = _after_blank(text, start)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(Span(start, end) for start, end in joined)


def _after_blank(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start
