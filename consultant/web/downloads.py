"""What is sealed, opened by a reviewer: the original of a letter on a page, raw letters and attachments as files.

Each opening is a row in the audit trail, written by `review`. Files are named by our own ids and served as bytes
without a type, so that no browser opens what a stranger sent.
"""

from collections.abc import Callable
from typing import TypeVar

import nh3
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consultant import review
from consultant.records import cases, views
from consultant.web.desk import TheDesk
from consultant.web.sessions import Reviewer

router = APIRouter()
T = TypeVar("T")

# What a stranger's HTML may show: text and its structure. No image, no style, no form and no link that can be
# followed, so that opening a letter tells its sender nothing.
TAGS = frozenset(
    {
        "abbr",
        "address",
        "b",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
    }
)
ATTRIBUTES: dict[str, set[str]] = {
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "*": {"dir", "lang"},
}


def sanitised(html: str) -> str:
    """Return a stranger's HTML without anything that runs, loads, links or is styled."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style", "title", "head"},
        attributes=ATTRIBUTES,
        url_schemes=set(),
        link_rel=None,
        strip_comments=True,
    )


def _opened(call: Callable[[], T]) -> T:
    try:
        return call()
    except LookupError:
        raise HTTPException(404, "There is no such letter, or it was purged.") from None


def _download(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@router.post("/letters/{letter_id}/reveal", response_class=HTMLResponse)
def reveal(request: Request, letter_id: int, desk: TheDesk, person: Reviewer) -> Response:
    """Show the sealed original; only ever as the answer to a form, so that no link and no reload opens it unasked."""
    with desk.parts.store.read() as tx:
        row = views.letter(tx, letter_id)
        case = cases.current(tx, row.case_id) if row and row.case_id is not None else None
    if row is None:
        raise HTTPException(404, "There is no such letter.")
    letter = _opened(lambda: review.reveal(desk.parts, letter_id, person))
    html = sanitised(letter.html) if letter.html else ""
    return desk.page(request, "revealed.html", row=row, letter=letter, html=html, case=case)


@router.post("/letters/{letter_id}/raw")
def raw(letter_id: int, desk: TheDesk, person: Reviewer) -> Response:
    """Give the raw bytes of a letter out as a file."""
    return _download(_opened(lambda: review.raw(desk.parts, letter_id, person)), f"letter-{letter_id}.eml")


@router.post("/attachments/{attachment_id}")
def attachment(attachment_id: int, desk: TheDesk, person: Reviewer) -> Response:
    """Give an attachment out as a file; its own name is sealed and stays so."""
    _name, content = _opened(lambda: review.attachment(desk.parts, attachment_id, person))
    return _download(content, f"attachment-{attachment_id}.bin")
