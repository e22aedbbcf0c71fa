"""How the service fares: a page for reviewers, /healthz for supervisors, /metrics for Prometheus."""

from collections import Counter
from datetime import datetime

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from consultant.alerts import ALIVE, STUCK, alerts
from consultant.errors import ConsultantError
from consultant.lifecycle import DUE_TO_PERSON, State
from consultant.parts import Parts
from consultant.records import cases, health, ledger, outgoing, people, views
from consultant.records.outgoing import Sending
from consultant.records.views import QueueFilter
from consultant.web.desk import TheDesk
from consultant.web.security import from_loopback
from consultant.web.sessions import Reviewer, cookie_names
from knowledge.release import ReleaseDamaged, ReleaseMissing

router = APIRouter()


@router.get("/status", response_class=HTMLResponse)
def show(request: Request, desk: TheDesk, _person: Reviewer) -> Response:
    """Show accounts, processes, numbers, and the knowledge release with its sources."""
    parts = desk.parts
    now = parts.now()
    with parts.store.read() as tx:
        accounts = health.accounts(tx)
        beats = health.last_beats(tx)
        by_state, letters, sendings = cases.counts(tx), ledger.counts(tx), outgoing.counts(tx)
    try:
        release, sentence = parts.release(), ""
    except (ConsultantError, ReleaseMissing, ReleaseDamaged) as error:
        release, sentence = None, str(error)
    return desk.page(
        request,
        "status.html",
        accounts=accounts,
        unread_accounts=_never_read(parts, {account.name for account in accounts}),
        beats=[(kind, at, now - at < ALIVE) for kind, at in sorted(beats.items())],
        by_state=[(str(state), by_state.get(str(state), 0)) for state in State],
        letters=sorted(letters.items()),
        sendings=[(str(phase), sendings.get(str(phase), 0)) for phase in Sending],
        alerts=alerts(parts),
        release=release,
        release_sentence=sentence,
    )


def _never_read(parts: Parts, known: set[str]) -> tuple[str, ...]:
    return tuple(account.name for account in parts.settings.all_accounts() if account.name not in known)


def healthz(request: Request) -> Response:
    """Answer 200 when the store answers and a release is open, else 503; the age of heartbeats in seconds beside it."""
    parts: Parts = request.app.state.desk.parts
    found: dict[str, object] = {}
    healthy = True
    try:
        with parts.store.read() as tx:
            beats = health.last_beats(tx)
        found["store"] = "ok"
        found["heartbeats"] = {kind: _age(parts.now(), at) for kind, at in sorted(beats.items())}
    except ConsultantError:
        # The sentence may name hosts, and this page asks for no login.
        found["store"], healthy = "does not answer", False
    try:
        parts.release()
        found["release"] = "ok"
    except (ConsultantError, ReleaseMissing, ReleaseDamaged, OSError):
        found["release"], healthy = "not open", False
    return JSONResponse({"status": "ok" if healthy else "failing", **found}, 200 if healthy else 503)


def metrics(request: Request) -> Response:
    """Answer Prometheus; open to this machine and to reviewers. Numbers only, nothing of a letter."""
    parts: Parts = request.app.state.desk.parts
    if not from_loopback(request) and not _has_session(request, parts):
        return Response("Metrics are given to this machine and to reviewers only.\n", 403, media_type="text/plain")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Numbers(parts))
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _has_session(request: Request, parts: Parts) -> bool:
    token = request.cookies.get(cookie_names(secure=parts.settings.web.secure)[0], "")
    if not token:
        return False
    with parts.store.read() as tx:
        return people.session(tx, token, parts.now()) is not None


class Numbers(Collector):
    """The gauges, read from the case store at each scrape, so that every process gives the same numbers."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def collect(self) -> list[GaugeMetricFamily]:
        """Return one family for each kind of row that is counted."""
        now = self.parts.now()
        waiting = QueueFilter(states=tuple(str(state) for state in DUE_TO_PERSON))
        with self.parts.store.read() as tx:
            families = [
                _counts("consultant_cases", "Cases by state", "state", cases.counts(tx)),
                _counts("consultant_letters", "Letters by verdict", "verdict", ledger.counts(tx)),
                _counts("consultant_outbox", "Letters of the outbox by phase", "phase", outgoing.counts(tx)),
            ]
            stuck = ledger.stuck(tx, now, STUCK)
            oldest = next(iter(views.queue(tx, waiting).rows), None)
            beats = health.last_beats(tx)
            accounts = health.accounts(tx)
        overdue = GaugeMetricFamily(
            "consultant_oldest_due_seconds", "Seconds until the next case for a person is due; negative when overdue"
        )
        if oldest is not None:
            overdue.add_metric([], (oldest.due_at - now).total_seconds())
        late = GaugeMetricFamily("consultant_letters_stuck", "Letters without a verdict for over a minute")
        late.add_metric([], stuck)
        ages = {kind: float(_age(now, at)) for kind, at in beats.items()}
        errors = {account.name: int(account.error is not None) for account in accounts}
        kinds = Counter(alert.kind for alert in alerts(self.parts))
        return [
            *families,
            overdue,
            late,
            _counts("consultant_heartbeat_age_seconds", "Seconds since the newest sign of life", "process", ages),
            _counts("consultant_account_error", "1 while an account cannot be read", "account", errors),
            _counts("consultant_alerts", "What an operator has to look at, by kind", "kind", kinds),
        ]


def _counts(name: str, words: str, label: str, numbers: dict[str, int] | dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, number in sorted(numbers.items()):
        family.add_metric([key], float(number))
    return family


def _age(now: datetime, moment: datetime) -> int:
    return round((now - moment).total_seconds())
