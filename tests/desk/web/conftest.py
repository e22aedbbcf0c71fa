"""The desk on a fresh store, and browsers in front of it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from consultant.records import people
from consultant.records.store import Store
from consultant.web.app import create_app
from consultant.web.desk import Desk
from consultant.web.ports import LocalMailPort, SampleLetter
from consultant.web.sessions import Logins
from tests.desk.web.world import PASSWORD, World

CSRF = re.compile(r'name="csrf" value="([^"]*)"')


@dataclass
class Browser:
    """A browser without scripts: keeps cookies, reads the token off the page, follows redirects after forms."""

    client: TestClient
    tokens: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def get(self, address: str, **more: Any) -> Any:
        return self.client.get(address, **more)

    def token(self, address: str) -> str:
        found = CSRF.search(self.client.get(address).text)
        assert found, f"{address} holds no form"
        return found[1]

    def kept_token(self, address: str) -> str:
        """Return the token without asking for the page again as long as the session is the same."""
        key = (address, self.client.cookies.get("consultant"))
        if key not in self.tokens:
            self.tokens[key] = self.token(address)
        return self.tokens[key]

    def send(self, address: str, fields: dict[str, Any] | None = None, *, page: str = "/queue", **more: Any) -> Any:
        """Send a form with the token of the page that holds it."""
        return self.client.post(address, data={"csrf": self.kept_token(page)} | (fields or {}), **more)

    def log_in(self, login: str, password: str = PASSWORD) -> Any:
        return self.send("/login", {"login": login, "password": password}, page="/login")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty case store, migrated once for all tests."""
    folder = tmp_path_factory.mktemp("store")
    store = Store(f"sqlite:///{folder / 'empty.sqlite'}")
    store.migrate()
    store.close()
    return folder / "empty.sqlite"


@pytest.fixture
def world(tmp_path: Path, migrated: Path) -> Iterator[World]:
    found = World(tmp_path, store=migrated)
    yield found
    found.parts.store.close()


OpenBrowser = Callable[..., Browser]


_APPS: dict[bool, FastAPI] = {}


def app_for(world: World, local: LocalMailPort | None = None, samples: Sequence[SampleLetter] = ()) -> FastAPI:
    """Return the application on a world's store; its routes are put together once for all tests."""
    embedded = local is not None
    if embedded not in _APPS:
        _APPS[embedded] = create_app(world.parts, local=local)
    app = _APPS[embedded]
    app.state.desk = Desk(world.parts, local, samples)
    app.state.logins = Logins(world.parts)
    return app


@pytest.fixture
def open_browser(world: World) -> Iterator[OpenBrowser]:
    """Open browsers in front of one running desk."""
    app = app_for(world)
    opened: list[TestClient] = []

    def open_one(login: str = "", *, host: str = "127.0.0.1") -> Browser:
        client = TestClient(app, base_url="http://localhost", client=(host, 50000))
        opened.append(client.__enter__())
        browser = Browser(client)
        if login:
            # The way through the login form has tests of its own; here the session is begun as it would begin it.
            with world.parts.store.read() as tx:
                person = people.by_login(tx, login)
            assert person
            client.cookies.set("consultant", app.state.logins.begin(person, ""), domain="localhost.local")
        return browser

    yield open_one
    for client in opened:
        client.__exit__()


@pytest.fixture
def ada(world: World, open_browser: OpenBrowser) -> Browser:
    """A reviewer who is logged in."""
    world.person("ada", "Ada Reviewer")
    return open_browser("ada")


@pytest.fixture
def ben(world: World, open_browser: OpenBrowser) -> Browser:
    """A second reviewer who is logged in."""
    world.person("ben", "Ben Examiner", "CCS")
    return open_browser("ben")


class Words(HTMLParser):
    """Reads a page as text and as tags, as a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]
