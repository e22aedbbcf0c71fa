"""The lines by which mail programs and people mark quotes and signatures, by language, as tables and line tests.

Every test looks at one line (or at most four joined ones) of bounded length, so that none can be made slow.
"""

import re

MAX_LINE = 500

# How mail programs begin and end the line that introduces a quote: Gmail, Apple Mail, Thunderbird, Outlook for Mac.
_INTRODUCTIONS = {
    "en": (r"On\b", r"wrote\s?:"),
    "de": (r"(?:Am|Den)\b", r"(?:schrieb|hat geschrieben)(?:\b[^:]{0,120})?\s?:"),
    "fr": (r"(?:Le|Il)\b", r"(?:a écrit|ecrit)\s?:"),
    "es": (r"El\b", r"escribió(?:\b[^:]{0,120})?\s?:"),
    "it": (r"(?:Il|Il giorno|In data)\b", r"(?:ha scritto|scrive)\s?:"),
    "pt": (r"(?:Em|Na|No|A)\b", r"escreveu(?:\b[^:]{0,120})?\s?:"),
    "nl": (r"Op\b", r"(?:schreef|heeft)\b[^:]{0,120}(?:geschreven)?\s?:"),
    "sv": (r"(?:Den|På)\b", r"skrev\b[^:]{0,120}\s?:"),
    "da": (r"(?:Den|På|Man|Tir|Ons|Tor|Fre|Lør|Søn)\b", r"skrev\b[^:]{0,120}\s?:"),
    "pl": (
        r"(?:W dniu|Dnia|(?:pon|wt|śr|czw|pt|sob|niedz)\.,)",
        r"(?:napisał(?:\(a\)|a)?|pisze)(?:[^:\w][^:]{0,120})?\s?:",
    ),
    "ru": (r"(?:(?:пн|вт|ср|чт|пт|сб|вс)\b|\d{1,2}\s)", r"(?:пишет|писала?|написала?)(?:\b[^:]{0,120})?\s?:"),
    "ja": (r"\d{4}年\d{1,2}月\d{1,2}日", r"(?:のメール|の投稿|は書きました)?\s?[:：]"),
    "zh": (r"(?:在\s?)?\d{4}年\d{1,2}月\d{1,2}日|于\s?\d{4}|.{1,40}于\d{4}年", r"(?:写道|寫道|写|寫)\s?[:：]"),
}
_ENDS = re.compile(rf"(?:{'|'.join(end for _, end in _INTRODUCTIONS.values())})\s*$", re.I)
_STARTS = re.compile(rf"^[>\s*]*+(?:{'|'.join(start for start, _ in _INTRODUCTIONS.values())})", re.I)
_BARE = re.compile(
    r"^\s*+(?:\S+ ){0,5}<[^<>@\s]+@[^<>\s]+>\s*(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef)\s?:\s*$",
    re.I,
)
_WHEN = re.compile(r"\d{1,2}[:.h：]\d{2}|\b\d{4}(?:\b|年)|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
# Beginning at the "@" keeps the search linear.
_MAIL = re.compile(r"(?<=[^\s<>@])@[^\s<>@]+\.[a-zA-Z]")

# The field names of a copied header block, each language's own set: from, date, to, subject, copy.
_BLOCKS = {
    "en": ("from", "sent|date", "to", "subject", "cc|bcc|reply-to|importance|attachments"),
    "de": ("von", "gesendet|datum", "an", "betreff", "cc|kopie|antwort an|priorität|anlagen"),
    "fr": ("de|expéditeur", "envoyé|date", "à|destinataire", "objet", "cc|répondre à|importance"),
    "es": ("de", "enviado|enviado el|fecha", "para", "asunto", "cc|cco|responder a|importancia"),
    "it": ("da", "inviato|data", "a", "oggetto", "cc|rispondi a|priorità"),
    "pt": ("de", "enviado|enviada em|enviada|data", "para", "assunto", "cc|cco|responder a"),
    "nl": ("van", "verzonden|datum", "aan", "onderwerp", "cc|antwoord aan"),
    "sv": ("från", "skickat|datum", "till", "ämne", "kopia|cc|svara till"),
    "da": ("fra", "sendt|dato", "til", "emne", "cc|kopi|svar til"),
    "pl": ("od", "wysłano|data|wysłane", "do", "temat", "dw|do wiadomości|odpowiedz do"),
    "ru": ("от|от кого", "отправлено|дата", "кому", "тема", "копия|ответить"),
    "ja": ("差出人|送信者|from", "送信日時|日付|日時|date|sent", "宛先|to", "件名|subject", "cc|返信先"),
    "zh": ("发件人|寄件者|寄件人", "发送时间|日期|寄件日期|時間|时间", "收件人|收件者", "主题|主旨", "抄送|副本"),
}
_ROLES = ("from", "date", "to", "subject", "copy")
_NAMES: dict[str, set[tuple[str, str]]] = {}
for _language, _names in _BLOCKS.items():
    for _role, _alternatives in zip(_ROLES, _names, strict=True):
        for _name in _alternatives.split("|"):
            _NAMES.setdefault(_name, set()).add((_language, _role))
_FIELD = re.compile(r"^[>\s]*+\*?([^\W\d_][^\W\d_ \-]{0,1}(?:[^\W\d_]|[ \-]){0,16}?)\s?\*?\s?[:：]\*?\s*(.*)$")

# What stands between dashes above a copied letter, and what says that it was forwarded.
_ORIGINAL = frozenset(
    (
        "original message",
        "original appointment",
        "reply message",
        "ursprüngliche nachricht",
        "originalnachricht",
        "message d'origine",
        "message original",
        "mensaje original",
        "messaggio originale",
        "mensagem original",
        "oorspronkelijk bericht",
        "ursprungligt meddelande",
        "oprindelig meddelelse",
        "wiadomość oryginalna",
        "oryginalna wiadomość",
        "исходное сообщение",
        "пересылаемое сообщение",
        "原始邮件",
        "原始郵件",
        "元のメッセージ",
    )
)
_FORWARD = frozenset(
    (
        "forwarded message",
        "weitergeleitete nachricht",
        "message transféré",
        "mensaje reenviado",
        "messaggio inoltrato",
        "mensagem encaminhada",
        "mensagem reencaminhada",
        "doorgestuurd bericht",
        "vidarebefordrat meddelande",
        "videresendt meddelelse",
        "wiadomość przekazana",
        "przekazana wiadomość",
        "пересылаемое сообщение",
        "转发的邮件",
        "轉寄郵件",
        "転送されたメッセージ",
    )
)
_BEGIN_FORWARD = frozenset(
    (
        "begin forwarded message:",
        "anfang der weitergeleiteten nachricht:",
        "début du message réexpédié :",
        "début du message transféré :",
        "inicio del mensaje reenviado:",
        "inizio messaggio inoltrato:",
        "início da mensagem encaminhada:",
        "início da mensagem reencaminhada:",
        "begin doorgestuurd bericht:",
        "vidarebefordrat brev:",
        "start på videresendt besked:",
        "początek przekazywanej wiadomości:",
        "начало переадресованного сообщения:",
        "開始轉寄郵件：",
        "开始转发的邮件：",
        "転送されたメッセージ：",
    )
)
_RULE = re.compile(r"_{10,}|-{10,}|\*{10,}|={10,}")

# "> 50% of time" and ">0.5 cm" are comparisons that coders write; "> 2. Which site?" is a quoted list.
_COMPARISON = re.compile(r"\s*>\s?(?:=\s?)?[$]?\d(?!\d*[.)](?:\s|$))")

_PHONE = re.compile(
    r"(?:"
    + "|".join(
        (
            r"sent from (?:my|mail for|outlook|yahoo|aol|the all new|proton|samsung|gmail)\b.{0,60}",
            r"get outlook for .{2,60}",
            r"(?:von meinem|von) .{2,30} gesendet|gesendet (?:von|mit) .{2,40}",
            r"diese nachricht wurde von meinem .{2,60}",
            r"envoyé (?:de|depuis) (?:mon|ma) .{2,40}",
            r"enviado desde mi .{2,40}|enviado do meu .{2,40}|enviado a partir do .{2,40}",
            r"inviato da(?:l mio)? .{2,40}",
            r"(?:verstuurd|verzonden) vanaf mijn .{2,40}",
            r"skickat från min .{2,40}|sendt fra min .{2,40}",
            r"wysłane? z (?:mojego )?.{2,40}",
            r"отправлено с (?:моего )?.{2,40}",
            r"(?:从|從|發自|发自)我的.{1,40}|.{0,20}iphoneから送信|.{2,20}から送信",
        )
    )
    + r")$",
    re.I,
)
_CLOSING = re.compile(
    r"(?:"
    + "|".join(
        (
            r"(?:many |with )?(?:best|kind|warm|kindest|warmest)(?: (?:regards|wishes))?|regards|cheers|respectfully",
            r"sincerely(?: yours)?|yours (?:truly|sincerely)",
            r"thanks|many thanks|thanks (?:so much|again|in advance|a lot)",
            r"thank you(?: (?:so much|again|in advance|very much|kindly))?",
            r"(?:thanks|thank you)(?: and|,) (?:best |kind )?regards",
            "mit freundlichen grüßen|viele grüße|freundliche grüße|cordialement|bien à vous",
            "saludos(?: cordiales)?|atentamente|gracias|cordiali saluti|distinti saluti|atenciosamente",
            "met vriendelijke groet(?:en)?",
            "med vänliga hälsningar|vänliga hälsningar|med venlig hilsen|venlig hilsen",
            "z poważaniem|pozdrawiam|с уважением",
            "よろしくお願い(?:いた)?します|此致|祝好",
        )
    )
    + r")[ ,.!]*$",
    re.I,
)
_NOTICE = re.compile(
    r"^\s*\W{0,4}(?:"
    + "|".join(
        (
            "confidentiality (?:notice|note|statement)|privileged and confidential|notice of confidentiality",
            "hipaa (?:notice|confidentiality)",
            r"this (?:e-?mail|message|communication|transmission)(?: message)?(?:,| and any| may contain| \()",
            "the information (?:contained )?in this (?:e-?mail|message|transmission)",
        )
    )
    + ")",
    re.I,
)
_CODE = re.compile(r"\b(?:\d{4}[0-9TFU]|[A-HJ-V]\d{4}|[A-TV-Z]\d[0-9AB]\.?[0-9A-Z]{0,4})\b")
_PLACE = re.compile(r"\b[A-Z]{2}\.? \d{5}(?:-\d{4})?\b")
_PHONE_NUMBER = re.compile(r"(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|\b555[-. ]\d{4}\b")
_ASKS_TO_LOOK = (
    r"(?:please |pls |kindly )?(?:see|read|review|advise(?: on)?|help with|look at)"
    r"[^.!?]{0,40}\b(?:below|attached|thread|this)\b[^.!?]{0,30}"
)
_POINTER = re.compile(
    r"^[\W_]*(?:(?:hi|hello|dear|good (?:morning|afternoon))\b[^.!?\n]{0,40}[,.!]?\s*)?(?:"
    + _ASKS_TO_LOOK
    + r"|fyi|fwd?|forwarding|(?:any )?thoughts|(?:please|pls) advise)[\W_]*(?:thanks?(?: you)?[\W_]*)?$",
    re.I,
)


def is_quote(line: str) -> bool:
    """Tell whether the line begins as quoted lines do (it may still be a comparison)."""
    return line.lstrip().startswith(">")


def is_comparison(line: str) -> bool:
    """Tell whether the line begins with "greater than" and a figure, as in "> 50% of time"."""
    return bool(_COMPARISON.match(line))


def is_forward(line: str) -> bool:
    """Tell whether the line says that a forwarded letter follows."""
    if len(line) > MAX_LINE:
        return False
    core = _between_dashes(line)
    return core in _FORWARD or core.startswith("forwarded by ") or line.strip("> \t").lower() in _BEGIN_FORWARD


def is_original(line: str) -> bool:
    """Tell whether the line is "-----Original Message-----" in one of the languages."""
    return len(line) <= MAX_LINE and _between_dashes(line) in _ORIGINAL


def is_rule(line: str) -> bool:
    """Tell whether the line is a drawn rule, as Outlook sets above an older letter."""
    return len(line) <= MAX_LINE and bool(_RULE.fullmatch(line.strip()))


def introduction(lines: list[str], start: int) -> int:
    """Return how many lines (1 to 4) from `start` on introduce a quote ("On ... wrote:"), or 0."""
    if len(lines[start]) <= MAX_LINE and _BARE.match(lines[start]):
        return 1
    if len(lines[start]) > MAX_LINE or not _STARTS.match(lines[start]):
        return 0
    joined = ""
    for count, line in enumerate(lines[start : start + 4], 1):
        if not line.strip() or len(line) > MAX_LINE:
            return 0
        joined = f"{joined} {line.strip()}"
        # Every end is a colon, and asking for it first spares most lines the search.
        if line.rstrip().endswith((":", "：")) and _ENDS.search(line):
            return count if _WHEN.search(joined) or _MAIL.search(joined) else 0
    return 0


def names_a_mailbox(text: str) -> bool:
    """Tell whether an address of a mailbox stands in the text."""
    return bool(_MAIL.search(text[: 4 * MAX_LINE]))


def header_block(lines: list[str], start: int) -> int:
    """Return how many lines from `start` on are a copied header block (From, Sent, To, Subject), or 0.

    One "From:" is not enough ("From: the operative note ..."): three fields of one language must follow each
    other, a date among them, and the block must name a mailbox or a time of day.
    """
    if "from" not in {role for _, role in _roles(lines[start])}:
        return 0
    seen: dict[str, set[str]] = {}
    last = gap = 0
    for count, line in enumerate(lines[start : start + 16], 1):
        roles = _roles(line)
        fresh = {language for language, role in roles if role not in seen.get(language, set()) or role == "copy"}
        if fresh:
            for language, role in roles:
                seen.setdefault(language, set()).add(role)
            last, gap = count, 0
        else:
            gap += 1
            if gap > 2 or (not line.strip() and last >= 4):
                break
    block = "\n".join(line[:MAX_LINE] for line in lines[start : start + last])
    whole = any({"from", "date"} <= roles and len(roles & {"to", "subject"}) for roles in seen.values())
    return last if whole and (_MAIL.search(block) or re.search(r"\d{1,2}[:.h]\d{2}", block)) else 0


def is_separator(line: str) -> bool:
    """Tell whether the line is the signature separator of RFC 3676, 4.3, or the same with its blank lost."""
    return line in ("-- ", "--", "-- \u00a0")


def is_phone_line(line: str) -> bool:
    """Tell whether a phone or mail program added the line ("Sent from my iPhone")."""
    return len(line) <= 160 and bool(_PHONE.match(line.strip()))


def is_closing(line: str) -> bool:
    """Tell whether the line is a complimentary close and nothing else ("Best regards,")."""
    return len(line) <= 80 and bool(_CLOSING.match(line.strip()))


def is_notice(line: str) -> bool:
    """Tell whether a confidentiality notice begins with the line."""
    return bool(_NOTICE.match(line[:MAX_LINE]))


def may_sign(line: str) -> bool:
    """Tell whether the line could stand in a signature: short, no question, no postscript, no code."""
    if len(line) > 90 or "?" in line or re.match(r"\s*p\.?\s?s\.?\b", line, re.I):
        return False
    return not _CODE.search(_PHONE_NUMBER.sub("", _PLACE.sub("", line)))


def only_points(text: str) -> bool:
    """Tell whether a text says no more than "see below"."""
    return len(text) <= 160 and (not re.search(r"\w", text) or bool(_POINTER.match(text.strip())))


def dequoted(line: str) -> str:
    """Return the line without one level of quoting."""
    bare = line.lstrip()
    return bare[1:].removeprefix(" ") if bare.startswith(">") else line


def _between_dashes(line: str) -> str:
    """Return what stands between two or more dashes on either side, in lower case; empty when there are none."""
    bare = line.strip("> \t")
    return bare.strip("-_=* \t").lower() if bare[:1] in "-_=*" and len(bare) > 4 and bare[1] in "-_=* " else ""


def _roles(line: str) -> set[tuple[str, str]]:
    match = _FIELD.match(line[:MAX_LINE])
    return _NAMES.get(match[1].strip().lower(), set()) if match else set()
