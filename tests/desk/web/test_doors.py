"""Who gets in, and what proves that a form is ours: walked over every route that the application has."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from consultant.records import people
from consultant.web.app import create_app
from consultant.web.pages import inward
from consultant.web.sessions import Logins, TooManyTries
from tests.desk.web.conftest import Browser, OpenBrowser, app_for
from tests.desk.web.test_local_mail import Postbox
from tests.desk.web.world import PASSWORD, World

OPEN = {"/login", "/healthz", "/metrics", "/favicon.ico", "/"}
SAFE = {"GET", "HEAD", "OPTIONS"}


def routes(router: Any) -> list[tuple[str, str]]:
    """Return every (method, address) that the application answers, with example values in the addresses."""
    found = []
    for route in router.routes:
        if isinstance(route, Mount):
            continue
        if not isinstance(route, Route):
            # A router that was included; a release of FastAPI that names it otherwise fails here.
            found += routes(route.original_router)
            continue
        address = re.sub(r"\{\w+\}", "1", route.path.replace("{reference}", "C-2026-000001"))
        found += [(method, address) for method in sorted(route.methods or ())]
    return found


@pytest.fixture
def everything(world: World) -> object:
    world.drafted()
    return app_for(world, Postbox())


def test_the_walk_sees_the_whole_desk(everything: object) -> None:
    """The walk below is worth nothing if it misses routes."""
    seen = routes(everything)
    assert len(seen) > 40
    assert ("POST", "/cases/C-2026-000001/approve") in seen
    assert ("POST", "/letters/1/reveal") in seen
    assert ("POST", "/local/send") in seen


def test_every_unsafe_route_refuses_a_form_without_its_token(everything: object, world: World) -> None:
    """No unsafe request does anything unless it carries the token of its session."""
    world.person("ada", "Ada Reviewer")
    client = TestClient(everything, base_url="http://localhost", client=("127.0.0.1", 1))  # type: ignore[arg-type]
    browser = Browser(client)
    browser.log_in("ada")
    unsafe = [(method, address) for method, address in routes(everything) if method not in SAFE]
    assert unsafe
    for method, address in unsafe:
        for fields in ({}, {"csrf": "guessed"}, {"csrf": ""}):
            answer = client.request(
                method, address, data={"text": "x", "seen_draft": "1", "outcome": "answer"} | fields
            )
            assert answer.status_code == 403, f"{method} {address} {fields}"
    assert world.bell.rung == []


def test_every_page_but_the_login_asks_for_a_session(everything: object) -> None:
    """Without a session, pages lead to the login and forms are refused."""
    client = TestClient(everything, base_url="http://localhost", client=("127.0.0.1", 1))  # type: ignore[arg-type]
    for method, address in routes(everything):
        if address in OPEN or address.startswith("/local"):
            continue
        answer = client.request(method, address, follow_redirects=False)
        if method in SAFE:
            assert answer.status_code == 303, f"{method} {address}"
            assert answer.headers["location"].startswith("/login"), address
        else:
            assert answer.status_code == 401, f"{method} {address}"


def test_a_token_of_another_session_is_refused(ada: Browser, ben: Browser) -> None:
    """A token proves its own session only."""
    stolen = ben.token("/queue")
    assert ada.client.post("/logout", data={"csrf": stolen}).status_code == 403
    assert ada.get("/queue").status_code == 200


def test_a_form_from_another_site_is_refused_even_with_a_token(ada: Browser) -> None:
    """What the browser says of a request's origin is believed."""
    for site in ("cross-site", "same-site"):
        answer = ada.client.post("/logout", data={"csrf": ada.token("/queue")}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    assert ada.get("/queue").status_code == 200


def test_the_token_may_come_as_a_header(ada: Browser) -> None:
    """Scripts send the token as a header."""
    answer = ada.client.post("/logout", headers={"X-CSRF-Token": ada.token("/queue")}, follow_redirects=False)
    assert answer.status_code == 303


def test_login_gives_a_new_session_whatever_the_browser_came_with(world: World, open_browser: OpenBrowser) -> None:
    """A session cannot be fixed from outside: the token that was planted is worth nothing after login."""
    world.person("ada", "Ada Reviewer")
    browser = open_browser()
    browser.client.cookies.set("consultant", "planted")
    browser.log_in("ada")
    after = browser.client.cookies.get("consultant", domain="localhost.local") or browser.client.cookies.get(
        "consultant"
    )
    assert after != "planted"
    stranger = open_browser()
    stranger.client.cookies.set("consultant", "planted")
    assert "Log in" in stranger.get("/queue").text


def test_a_second_login_ends_the_first_session(world: World, open_browser: OpenBrowser) -> None:
    """The session that a browser held when it logged in again is over."""
    world.person("ada", "Ada Reviewer")
    browser = open_browser("ada")
    first = browser.client.cookies["consultant"]
    # The login page leads on whoever is logged in, so its token is read while the session is put aside.
    browser.client.cookies.delete("consultant")
    token = browser.token("/login")
    browser.client.cookies.set("consultant", first, domain="localhost.local")
    browser.client.post("/login", data={"csrf": token, "login": "ada", "password": PASSWORD})
    with world.parts.store.read() as tx:
        assert people.session(tx, first, world.time) is None


def test_logout_ends_the_session_on_our_side(world: World, ada: Browser, open_browser: OpenBrowser) -> None:
    """A copied cookie is worth nothing after logout."""
    copied = ada.client.cookies["consultant"]
    ada.send("/logout")
    thief = open_browser()
    thief.client.cookies.set("consultant", copied)
    assert thief.get("/queue", follow_redirects=False).status_code == 303


def test_a_session_ends_after_a_quarter_of_an_hour_without_use(world: World, ada: Browser) -> None:
    """Use keeps a session; what a page fetches by itself is no use."""
    world.pass_time(minutes=14)
    assert ada.get("/queue").status_code == 200
    world.pass_time(minutes=14)
    assert ada.get("/queue/rows").status_code == 200
    world.pass_time(minutes=2)
    assert ada.get("/queue", follow_redirects=False).status_code == 303


def test_a_session_ends_after_twelve_hours_of_use(world: World, ada: Browser) -> None:
    """No amount of use keeps a session for longer than half a day."""
    for _ in range(12 * 5):
        world.pass_time(minutes=12)
        assert ada.get("/queue", follow_redirects=False).status_code == 200
    world.pass_time(minutes=1)
    assert ada.get("/queue", follow_redirects=False).status_code == 303


def test_a_reviewer_who_was_shut_out_is_out_at_once(world: World, ada: Browser) -> None:
    """Shutting somebody out ends the session that he has."""
    with world.parts.store.begin() as tx:
        person = people.by_login(tx, "ada")
        assert person
        people.set_active(tx, person.id, active=False)
    assert ada.get("/queue", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("login", ["ada", "nobody"])
def test_a_wrong_login_says_the_same_whoever_it_names(world: World, open_browser: OpenBrowser, login: str) -> None:
    """The answer does not tell whether a login exists; the field keeps what was typed, the password not."""
    world.person("ada", "Ada Reviewer")
    answer = open_browser().log_in(login, "not-the-password")
    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert f'value="{login}"' in answer.text
    assert "not-the-password" not in answer.text


def test_an_unknown_login_costs_a_password_check_as_well(
    world: World, open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash is checked for names that do not exist, so that time does not tell them apart."""
    checked = []
    monkeypatch.setattr(
        "consultant.web.sessions.verify_password", lambda password, stored: bool(checked.append(stored))
    )
    open_browser().log_in("nobody", "whatever")
    assert len(checked) == 1
    assert checked[0].startswith("$argon2id$")


def test_guessing_a_password_ends_after_ten_tries(
    world: World, open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rate holds for the login, from whichever address; even the right password waits then."""
    monkeypatch.setattr("consultant.web.sessions.verify_password", lambda password, stored: password == PASSWORD)
    world.person("ada", "Ada Reviewer")
    for n in range(10):
        assert open_browser(host=f"192.0.2.{n}").log_in("ada", "wrong").status_code == 401
    assert open_browser(host="192.0.2.99").log_in("ADA", PASSWORD).status_code == 429
    world.person("ben", "Ben Examiner")
    assert open_browser().log_in("ben").status_code == 200


def test_guessing_logins_from_one_address_ends_as_well(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rate holds for the address, whatever login is tried."""
    monkeypatch.setattr("consultant.web.sessions.verify_password", lambda password, stored: False)
    logins = Logins(world.parts)
    for n in range(60):
        assert logins.check(f"somebody{n}", "wrong", "192.0.2.1") is None
    with pytest.raises(TooManyTries):
        logins.check("somebody", "wrong", "192.0.2.1")
    assert logins.check("somebody", "wrong", "192.0.2.2") is None


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/cases/C-2026-000001", "/cases/C-2026-000001"),
        ("//elsewhere.example", "/queue"),
        ("/\\elsewhere.example", "/queue"),
        ("https://elsewhere.example", "/queue"),
        ("/\t/elsewhere.example", "/queue"),
        ("/a\\b", "/queue"),
        ("", "/queue"),
        ("/login", "/queue"),
    ],
)
def test_login_leads_to_pages_of_ours_only(address: str, leads_to: str) -> None:
    """A link to the login cannot lead elsewhere."""
    assert inward(address) == leads_to


def test_login_leads_to_the_page_that_was_wanted(world: World, open_browser: OpenBrowser) -> None:
    """Whoever follows a link in a mail lands on its case after login."""
    world.person("ada", "Ada Reviewer")
    reference = world.drafted()
    browser = open_browser()
    asked = browser.get(f"/cases/{reference}?x=1")
    assert f'value="/cases/{reference}?x=1"' in asked.text
    answer = browser.send(
        "/login", {"login": "ada", "password": PASSWORD, "next": f"/cases/{reference}"}, page="/login"
    )
    assert answer.url.path == f"/cases/{reference}"


PAGES = ("/login", "/queue", "/status", "/healthz", "/nothing-here", "/static/desk.css")


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_security_headers(ada: Browser, address: str) -> None:
    """Pages, errors and files alike: no script but ours, no framing, no sniffing."""
    headers = ada.get(address).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    if address.startswith("/static"):
        assert "immutable" in headers["cache-control"]
    else:
        assert headers["cache-control"] == "no-store"


def test_a_page_that_breaks_gives_a_number_and_nothing_of_its_inside(
    ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails unexpectedly is told in words, with the headers of every other page."""

    def broken(*_given: object) -> None:
        raise RuntimeError("quoted from a letter: Testa Sampleton")

    monkeypatch.setattr("consultant.web.queue.views.queue", broken)
    answer = ada.get("/queue")
    assert answer.status_code == 500
    assert re.search(r"under the number [0-9a-f]{8}", answer.text)
    assert "Sampleton" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "content-security-policy" in answer.headers


def test_behind_tls_cookies_are_bound_to_the_host(tmp_path: Path) -> None:
    """Over TLS the cookies carry the __Host- prefix and Secure; scripts never see them."""
    world = World(tmp_path, base_url="https://desk.example")
    world.person("ada", "Ada Reviewer")
    client = TestClient(create_app(world.parts), base_url="https://desk.example", client=("127.0.0.1", 1))
    browser = Browser(client)
    token = browser.token("/login")
    answer = client.post("/login", data={"csrf": token, "login": "ada", "password": PASSWORD}, follow_redirects=False)
    (cookie,) = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    assert cookie.startswith("__Host-consultant=")
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"]
    world.parts.store.close()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(ada: Browser) -> None:
    """A form takes a megabyte, declared or not."""
    token = ada.token("/queue")
    answer = ada.client.post("/logout", data={"csrf": token, "text": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "too large" in answer.text

    def endless() -> object:
        for _ in range(20):
            yield b"x" * 100_000

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert ada.client.post("/logout", content=endless(), headers=headers).status_code == 413  # type: ignore[arg-type]
    assert ada.get("/queue").status_code == 200


def test_healthz_needs_no_login_and_tells_nothing_private(world: World, open_browser: OpenBrowser) -> None:
    """Supervisors see whether the store answers and a release is open."""
    world.beat("worker", "poll")
    world.pass_time(seconds=7)
    answer = open_browser(host="192.0.2.1").get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "store": "ok",
        "release": "ok",
        "heartbeats": {"poll": 7, "worker": 7},
    }


def test_metrics_are_for_this_machine_and_for_reviewers(world: World, open_browser: OpenBrowser) -> None:
    """Prometheus scrapes over loopback; a name elsewhere that points here is refused."""
    world.person("ada", "Ada Reviewer")
    world.drafted()
    text = open_browser().get("/metrics").text
    assert 'consultant_cases{state="awaiting_review"} 1.0' in text
    assert 'consultant_letters{verdict="accept"} 1.0' in text
    assert "consultant_oldest_due_seconds 14400.0" in text
    assert open_browser(host="192.0.2.1").get("/metrics").status_code == 403
    assert open_browser().get("/metrics", headers={"host": "rebound.example"}).status_code == 403
    away = open_browser("ada", host="192.0.2.1")
    assert away.get("/metrics").status_code == 200
