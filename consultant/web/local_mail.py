"""Local mail, where the desk runs with the embedded mail server: plays the asker who writes and reads the answers.

These pages ask for no login, because they stand for a mail program of somebody outside the desk. They are there in
the embedded mode only, answer requests from this machine only, and their forms carry the visitor's token.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consultant.mail.letter import Letter
from consultant.mail.parse import Unparseable, parse
from consultant.web.desk import Desk, TheDesk, see_other
from consultant.web.downloads import sanitised
from consultant.web.ports import LocalMailPort, SampleLetter, StoredLetterShape
from consultant.web.presenting import lines, query
from consultant.web.security import LETTER_POLICY, from_loopback

ASKER = "coder@clinic.example"
"""Who one is on this page until one chooses otherwise; an invented address."""
# Browsers open a connection for these before they ask the policy that forbids them; no letter of the desk has one.
_REACHES_OUT = re.compile(r"<\s*(?:i?frame|frameset|object|embed|link|portal|base)\b|http-equiv\s*=\s*.?refresh", re.I)
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,120}")
QueryAddress = Annotated[str, Query(max_length=320)]
FormAddress = Annotated[str, Form(max_length=320)]
SHOWN = 50
"""How many letters of the mailbox are shown, the newest ones."""


def on_this_machine(request: Request) -> None:
    """Refuse whoever is elsewhere."""
    if not from_loopback(request):
        raise HTTPException(403, "Local mail is for this machine only.")


router = APIRouter(dependencies=[Depends(on_this_machine)])


@dataclass(frozen=True, slots=True)
class Received:
    """A letter in the asker's mailbox."""

    number: int
    """Its place in the mailbox, from 1, oldest first."""
    stored: StoredLetterShape
    letter: Letter | None
    """None when it cannot be read."""

    @property
    def threaded(self) -> tuple[tuple[str, str], ...]:
        """The fields by which a mail program puts it under the letter that it answers."""
        names = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted")
        letter = self.letter
        found = ((name, letter.header(name)) for name in names) if letter else ()
        return tuple((name, value) for name, value in found if value)


def _mail(desk: Desk) -> LocalMailPort:
    if desk.local is None:
        raise HTTPException(404)
    return desk.local


def _asker(address: str) -> str:
    wanted = address.strip()
    if not _ADDRESS.fullmatch(wanted):
        raise HTTPException(422, f"{wanted[:80]!r} is no address such as {ASKER}.")
    return wanted


def _inbox(mail: LocalMailPort, address: str) -> list[Received]:
    found = []
    letters = list(reversed(mail.inbox(address)))
    for number, stored in list(enumerate(letters, start=1))[-SHOWN:]:
        try:
            found.append(Received(number, stored, parse(stored.raw)))
        except Unparseable:
            found.append(Received(number, stored, None))
    return found


def _page(request: Request, desk: Desk, address: str, typed: Mapping[str, str], status: int = 200) -> Response:
    inbox = _inbox(_mail(desk), address)
    values = {"subject": "", "text": "", "answers": "", "sample": "", "problem": ""} | dict(typed)
    return desk.page(
        request,
        "local.html",
        status,
        address=address,
        inbox=inbox[::-1],
        samples=desk.samples,
        desk_address=desk.parts.settings.desk.address,
        **values,
    )


@router.get("/local", response_class=HTMLResponse)
def show(
    request: Request,
    desk: TheDesk,
    address: QueryAddress = ASKER,
    sample: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """Show the form for a letter, filled with a sample if one was chosen, and the asker's mailbox."""
    chosen = _sample(desk, sample)
    filled = {"subject": chosen.subject, "text": chosen.text, "sample": chosen.key} if chosen else {}
    return _page(request, desk, _asker(address), filled)


@router.get("/local/inbox", response_class=HTMLResponse)
def inbox(desk: TheDesk, address: QueryAddress = ASKER) -> Response:
    """Return the mailbox alone, for htmx to refresh."""
    wanted = _asker(address)
    return desk.fragment("_local_inbox.html", inbox=_inbox(_mail(desk), wanted)[::-1], address=wanted)


@router.post("/local/send", response_class=HTMLResponse)
def send(
    request: Request,
    desk: TheDesk,
    address: FormAddress = ASKER,
    subject: Annotated[str, Form(max_length=500)] = "",
    text: Annotated[str, Form(max_length=200_000)] = "",
    answers: Annotated[str, Form(max_length=10)] = "",
    sample: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Write a letter to the desk, as a mail program would.

    `answers` is the number of the letter it replies to. A sample goes out in its own form (HTML, attachments), with
    the text as it was changed; only a sample may be empty.
    """
    mail, asker = _mail(desk), _asker(address)
    words = lines(text)
    chosen = _sample(desk, sample)
    if chosen is None and not words.strip():
        typed = {"subject": subject, "text": text, "answers": answers, "problem": "Write a question first."}
        return _page(request, desk, asker, typed, 422)
    if chosen is not None and chosen.subject == subject:
        changed = None if words.strip() == chosen.text.strip() else words
        raw = chosen.letter(asker, desk.parts.settings.desk.address, changed)
    else:
        before = _one(_inbox(mail, asker), answers).letter if answers else None
        raw = _written(desk, asker, subject, words, before)
    mail.deliver(raw, asker, [desk.parts.settings.desk.address])
    return _sent(asker)


def _sample(desk: Desk, key: str) -> SampleLetter | None:
    return next((each for each in desk.samples if each.key == key), None)


def _sent(asker: str) -> Response:
    return see_other(f"/local{query(address=asker, done='letter_sent')}")


def _written(desk: Desk, asker: str, subject: str, text: str, before: Letter | None) -> bytes:
    letter = EmailMessage()
    letter["From"] = asker
    # As mail programs do: a reply goes where the letter asks for it.
    asked = before.reply_to if before else ()
    letter["To"] = asked[0].mailbox if asked else desk.parts.settings.desk.address
    letter["Subject"] = " ".join(subject.split())
    letter["Date"] = format_datetime(desk.parts.now())
    letter["Message-ID"] = make_msgid(domain=asker.rpartition("@")[2])
    if before and before.message_id:
        letter["In-Reply-To"] = before.message_id
        letter["References"] = " ".join([*before.references, before.message_id])
    letter.set_content(text)
    return letter.as_bytes(policy=SMTP)


@router.post("/local/upload", response_class=HTMLResponse)
def upload(
    request: Request,
    letter: Annotated[UploadFile, File()],
    desk: TheDesk,
    address: FormAddress = ASKER,
) -> Response:
    """Hand the bytes of a letter file to the desk unchanged, as from this asker."""
    mail, asker = _mail(desk), _asker(address)
    raw = letter.file.read()
    if not raw:
        return _page(request, desk, asker, {"problem": "Choose a letter file (.eml) first."}, 422)
    mail.deliver(raw, asker, [desk.parts.settings.desk.address])
    return _sent(asker)


@router.get("/local/letters/{number}", response_class=HTMLResponse)
def letter(request: Request, number: str, desk: TheDesk, address: QueryAddress = ASKER) -> Response:
    """Show one letter of the asker's mailbox with the fields that thread it, and a form for a reply."""
    asker = _asker(address)
    found = _one(_inbox(_mail(desk), asker), number)
    return desk.page(
        request,
        "local_letter.html",
        found=found,
        address=asker,
        desk_address=desk.parts.settings.desk.address,
    )


@router.get("/local/letters/{number}/html", response_class=HTMLResponse)
def letter_html(number: str, desk: TheDesk, address: QueryAddress = ASKER) -> Response:
    """Serve a letter's HTML as a document of its own, as a mail program would show it.

    A letter with parts that reach out is sanitised first; letters of the desk are shown as they are.
    """
    found = _one(_inbox(_mail(desk), _asker(address)), number)
    html = found.letter.html or "" if found.letter else ""
    return HTMLResponse(
        sanitised(html) if _REACHES_OUT.search(html) else html, headers={"Content-Security-Policy": LETTER_POLICY}
    )


def _one(letters: Sequence[Received], number: str) -> Received:
    found = next((each for each in letters if str(each.number) == number), None)
    if found is None:
        raise HTTPException(404, "There is no such letter in this mailbox.")
    return found
