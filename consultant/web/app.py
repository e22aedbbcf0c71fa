"""The web application: reviewers' pages, the guards around them, and Local mail where it is given."""

from collections.abc import Sequence

from fastapi import Depends, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from consultant import __version__
from consultant.parts import Parts
from consultant.web import (
    actions,
    cases,
    downloads,
    errors,
    local_mail,
    outbox,
    pages,
    quarantine,
    queue,
    rearranging,
    status,
)
from consultant.web.desk import STATIC, Desk
from consultant.web.ports import LocalMailPort, SampleLetter
from consultant.web.security import BodyLimit, Headers, protect
from consultant.web.sessions import Logins, visit


class Files(StaticFiles):
    """Our own style sheet and scripts; their addresses change with their content, so browsers keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file that may be kept for a year."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(parts: Parts, *, local: LocalMailPort | None = None, samples: Sequence[SampleLetter] = ()) -> FastAPI:
    """Put the application together; `local` and `samples` are given in the embedded mode only.

    Opens nothing and starts nothing: the caller serves it (uvicorn, `proxy_headers` with
    `settings.web.forwarded_allow_ips`) and migrates the store before.
    """
    app = FastAPI(
        title=parts.settings.desk.name,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # Every request is read for its session first, and refused unless it is safe or proves to come from us.
        dependencies=[Depends(visit), Depends(protect)],
    )
    app.state.desk = Desk(parts, local, samples)
    app.state.logins = Logins(parts)
    errors.register(app)
    for module in (pages, queue, cases, actions, rearranging, downloads, quarantine, outbox, status):
        app.include_router(module.router)
    if local is not None:
        app.include_router(local_mail.router)
    app.add_route("/healthz", status.healthz)
    app.add_route("/metrics", status.metrics)
    app.add_route("/favicon.ico", _no_icon)
    app.mount("/static", Files(directory=STATIC), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(errors.Calm)
    app.add_middleware(Headers, secure=parts.settings.web.secure)
    return app


def _no_icon(_request: Request) -> Response:
    return Response(status_code=204)
