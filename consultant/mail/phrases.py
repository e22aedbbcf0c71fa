"""The words of mail programs and letter writers by language, as tables: what `marks` looks for.

A new language or program is a new row. Every expression stays on one line of bounded length.
"""

import re

_MAILBOX = r"<[^<>\s]+@[^<>\s]+>"

# How mail programs begin and end the line that introduces a quote: Gmail, Apple Mail, Thunderbird, Outlook for Mac.
INTRODUCTIONS = {
    "en": (r"On\b", r"wrote\s?:"),
    "de": (r"(?:Am|Den)\b", r"(?:schrieb|hat geschrieben)(?:\b[^:]{0,120})?\s?:"),
    "fr": (r"(?:Le|Il)\b", r"(?:a écrit|ecrit)\s?:"),
    "es": (r"El\b", r"escribió(?:\b[^:]{0,120})?\s?:"),
    "it": (r"(?:Il|In data)\b", r"(?:ha scritto|scrive)\s?:"),
    "pt": (r"(?:Em|Na|No|A|Às)\b", r"escreveu(?:\b[^:]{0,120})?\s?:"),
    # Portugal's Gmail sets the date behind the verb, and the sender before it.
    "pt, sender first": (rf"[^<>:]{{0,80}}{_MAILBOX} escreveu \(", r"escreveu \(.{6,60}\)\s?:"),
    "nl": (r"Op\b", r"(?:schreef|heeft)\b[^:]{0,120}(?:geschreven)?\s?:"),
    "sv": (r"(?:Den|På)\b|\d{1,2} \w{3,9}\.? \d{4} kl", r"skrev\b[^:]{0,120}\s?:"),
    "da": (
        r"(?:Den|På|man|tir(?:s)?|ons|tor(?:s)?|fre|lør|søn)\b|\d{1,2}\. \w{3,9}\.? \d{4} kl",
        r"skrev\b[^:]{0,120}\s?:",
    ),
    "fi": (r"(?:ma|ti|ke|to|pe|la|su)\b|\d{1,2}\.", r"kirjoitti(?:\b[^:]{0,120})?\s?:"),
    "pl": (
        r"(?:W dniu|Dnia|(?:pon|wt|śr|czw|pt|sob|niedz)\.,)",
        r"(?:napisał(?:\(a\)|a)?|pisze)(?:[^:\w][^:]{0,120})?\s?:",
    ),
    "pl, sender first": (r"Wiadomość napisana przez\b", r"w dniu [^:]{4,40}\d{1,2}:\d{2}\s?:"),
    "cs": (r"(?:po|út|st|čt|pá|so|ne|dne)\b", r"napsala?(?:\(a\))?\s?:"),
    "ru": (
        r"(?:пн|вт|ср|чт|пт|сб|вс)\b|\d{1,2}[ .]",
        r"(?:пишет|писала?|написала?)(?:\(а\))?(?:\b[^:]{0,120})?\s?:",
    ),
    # Gmail in Russian, Mail.ru and Yandex have no verb.
    "ru, without a verb": (
        r"(?:пн|вт|ср|чт|пт|сб|вс|\w{5,11}), \d{1,2} [а-я]{3,9}\.? \d{4}\b|\d{2}\.\d{2}\.\d{4}, \d{1,2}:\d{2}, \"",
        rf"{_MAILBOX}\s?:",
    ),
    "tr": (r"\d{1,2} \w{3,8} \d{4}|.{3,80}\d{4} \w{3} tarihinde", r"yazdı\s?:"),
    "ja": (
        r"\d{4}[年/-]\d{1,2}[月/-]\d{1,2}",
        rf"(?:{_MAILBOX}|のメール|の投稿|のメッセージ|さん(?:は|が)書きました|は書きました)\s?[:：]",
    ),
    "zh": (
        r"(?:在\s?)?\d{4}[年/-]\d{1,2}[月/-]\d{1,2}|[于於]\s?\d{4}|.{1,80}[于於]\s?\d{4}[年/-]",
        r"(?:写道|寫道|写|寫)\s?[:：]",
    ),
}

# The field names of a copied header block, each language's own set: from, date, to, subject, copy.
BLOCKS = {
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
    "ru": ("от|от кого", "отправлено|дата|дата отправки", "кому", "тема", "копия|ответить"),
    "fi": ("lähettäjä", "lähetetty|päivämäärä|päiväys", "vastaanottaja", "aihe", "kopio"),
    "cs": ("od", "odesláno|datum", "komu", "předmět", "kopie"),
    "tr": ("kimden|gönderen", "gönderildi|gönderme tarihi|tarih", "kime|alıcı", "konu", "bilgi"),
    "ja": ("差出人|送信者|from", "送信日時|日付|日時|date|sent", "宛先|to", "件名|subject", "cc|返信先"),
    "zh": (
        "发件人|寄件者|寄件人",
        "发送时间|发送日期|日期|寄件日期|時間|时间",
        "收件人|收件者",
        "主题|主旨",
        "抄送|副本",
    ),
}
# What stands between dashes above a copied letter, and what says that it was forwarded.
ORIGINAL = frozenset(
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
FORWARD = frozenset(
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
        "перенаправленное сообщение",
        "转发的邮件",
        "转发的消息",
        "转发邮件信息",
        "轉寄的訊息",
        "välitetty viesti",
        "přeposlaná zpráva",
        "iletilmiş mesaj",
        "轉寄郵件",
        "転送されたメッセージ",
    )
)
BEGIN_FORWARD = frozenset(
    (
        "begin forwarded message:",
        "anfang der weitergeleiteten nachricht:",
        "début du message réexpédié:",
        "début du message transféré:",
        "inicio del mensaje reenviado:",
        "inizio messaggio inoltrato:",
        "início da mensagem encaminhada:",
        "início da mensagem reencaminhada:",
        "begin doorgestuurd bericht:",
        "vidarebefordrat brev:",
        "vidarebefordrat meddelande:",
        "videresendt melding:",
        "начало пересылаемого сообщения:",
        "start på videresendt besked:",
        "początek przekazywanej wiadomości:",
        "начало переадресованного сообщения:",
        "開始轉寄郵件:",
        "开始转发的邮件:",
        "転送されたメッセージ:",
    )
)
# What phones and mail programs add below a letter, by language. Each begins with words that only they begin with.
_PHONES = {
    "en": r"sent from (?:my|mail for|outlook|yahoo|aol|the all new|proton|samsung|gmail|a mobile)\b.{0,60}"
    r"|get outlook for .{2,60}|sent via the samsung\b.{0,60}|sent with proton ?mail\b.{0,40}"
    r"|yahoo mail: search, organize.{0,30}",
    "de": r"(?:von meinem|von) .{2,30} gesendet|gesendet (?:von|mit) .{2,40}|diese nachricht wurde von meinem .{2,60}"
    r"|gesendet mit der .{2,30} app|holen sie sich outlook für .{2,30}"
    r"|outlook für (?:ios|android) (?:beziehen|herunterladen)",
    "fr": r"envoyé (?:de|depuis) (?:mon|ma) .{2,40}|envoyé à partir de (?:outlook|courrier|mon|ma)\b.{0,40}"
    r"|envoyé depuis (?:outlook|yahoo|l.application)\b.{0,40}|(?:obtenir|télécharge[rz]|obtenez) outlook pour .{2,30}",
    "es": r"enviado desde (?:mi|outlook|correo|yahoo)\b.{0,40}|(?:obtener|descargar|obtén) outlook para .{2,30}",
    "it": r"inviato da(?:l mio)? .{2,40}|(?:scarica|ottieni|ottenere) outlook per .{2,30}",
    "pt": r"enviado d[oae] (?:meu|minha|outlook|e-?mail|correio|yahoo)\b.{0,40}|enviado a partir d[oae] .{2,40}"
    r"|obter (?:o )?outlook para .{2,30}",
    "nl": r"(?:verstuurd|verzonden) (?:vanaf mijn|vanuit) .{2,40}|(?:download|haal) outlook voor .{2,30}"
    r"|outlook voor (?:ios|android) downloaden",
    "sv": r"skicka(?:t|des) från (?:min|outlook|e-post|yahoo)\b.{0,40}|(?:skaffa|hämta) outlook för .{2,30}",
    "da": r"sendt fra (?:min|outlook|mail|yahoo)\b.{0,40}|(?:hent|få) outlook (?:til|for) .{2,30}",
    "fi": r"lähetetty (?:iphonesta|ipadista|puhelimesta|outlook\w*).{0,30}|hanki outlook .{2,30}",
    "pl": r"wysłan[eoay] z (?:mojego |programu |aplikacji )?.{2,60}"
    r"|pobierz (?:program |aplikację )?outlook dla .{2,40}",
    "cs": r"odesláno z .{2,40}|získejte outlook pro .{2,30}",
    "ru": r"отправлено (?:с|из) (?:моего )?.{2,40}|(?:получить|получите|скачать|скачайте) outlook для .{2,30}",
    "tr": r".{2,30}(?:ımdan|imden|umdan|dan|den) gönderildi",
    "ja": r".{0,20}iphoneから送信|.{2,40}から送信|outlook for (?:ios|android)\s?を入手.{0,4}",
    "zh": r"(?:从|從|發自|发自)\s?我的.{1,40}|发自\s?outlook.{0,20}|(?:获取|取得|下载|下載)\s?outlook for .{2,20}"
    r"|(?:从|從).{2,30}(?:发送|傳送)",
}
PHONE = re.compile(rf"(?:{'|'.join(_PHONES.values())})$", re.I)

# By language: a complimentary close, alone on its line.
_CLOSINGS = {
    "en": r"(?:many |with )?(?:best|kind|warm|kindest|warmest)(?: (?:regards|wishes))?|regards|cheers|respectfully"
    r"|sincerely(?: yours)?|yours (?:truly|sincerely)|thanks|many thanks|thanks (?:so much|again|in advance|a lot)"
    r"|thank you(?: (?:so much|again|in advance|very much|kindly))?"
    r"|(?:thanks|thank you)(?: and|,) (?:best |kind )?regards",
    "de": r"mit freundlichen gr(?:ü|ue)(?:ß|ss)en|"
    r"(?:viele|beste|liebe|freundliche|schöne|herzliche) gr(?:ü|ue)(?:ß|ss)e"
    r"|mit freundlichem gru(?:ß|ss)|(?:mit )?besten gr(?:ü|ue)(?:ß|ss)en|mfg|vielen dank|danke|hochachtungsvoll",
    "fr": r"(?:bien |très )?cordialement|bien à vous|salutations distinguées|sincères salutations|merci d.avance|merci",
    "es": r"(?:un )?saludos?(?: cordial(?:es)?)?|un cordial saludo|atentamente|(?:muchas )?gracias",
    "it": r"(?:un )?(?:cordiali |distinti )?salut[io]|grazie(?: mille)?",
    "pt": r"atenciosamente|(?:com os melhores )?cumprimentos|abraços|obrigad[oa]|att",
    "nl": r"met vriendelijke groet(?:en)?|(?:vriendelijke )?groet(?:en)?|bedankt|alvast bedankt|mvg",
    "sv": r"(?:med )?(?:vänlig|vänliga) häls(?:ning|ningar)|mvh|tack(?: på förhand)?|hälsningar",
    "da": r"(?:med )?venlig hilsen|(?:med )?venlige hilsner|(?:mange |på forhånd )?tak|mvh|hilsen",
    "fi": r"ystävällisin terveisin|terveisin|kiitos",
    "pl": r"z poważaniem|pozdrawiam|(?:z )?pozdrowieni(?:a|ami)|dziękuję|z wyrazami szacunku",
    "cs": r"s pozdravem|děkuji",
    "ru": r"с уважением|спасибо|с наилучшими пожеланиями|всего доброго|благодарю",
    "tr": r"saygılarımla|teşekkürler|iyi çalışmalar",
    "ja": r"(?:どうぞ|何卒)?(?:よろしく|宜しく)お願い(?:(?:いた|致)?します|申し上げます)|敬具|以上",
    "zh": r"此致|敬礼|祝好|敬上|敬具|谢谢|謝謝|顺颂商祺|順頌商祺",
}
CLOSING = re.compile(rf"(?:{'|'.join(_CLOSINGS.values())})[ ,.!，。！]*$", re.I)

NOTICE = re.compile(
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
