"""A desk served on loopback, and a Chromium in front of it; skipped by name where there is none."""

import socket
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import uvicorn

from consultant.web.app import create_app
from tests.browser.chromium import MISSING, PROGRAM, browser
from tests.desk.web.test_local_mail import ANSWERED, Kept, Postbox, Story
from tests.desk.web.world import PASSWORD, World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, and skip it by name where there is none."""
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)
            if PROGRAM is None:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for the tests of a module; two at once cannot be had in one thread."""
    with browser() as started:
        yield started


@dataclass
class Served:
    """A running desk with its world."""

    world: World
    address: str
    postbox: Postbox


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    world = World(tmp_path)
    # Browsers count from their own clock, so the desk's clock runs as theirs does.
    world.time = datetime.now(UTC)  # noqa: TID251 - the browser's clock cannot be set from outside
    world.person("ada", "Ada Reviewer")
    postbox = Postbox(boxes={"coder@clinic.example": [Kept(ANSWERED.partition(b"<script>")[0], world.time)]})
    app = create_app(world.parts, local=postbox, samples=[Story()])
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Served(world, f"http://127.0.0.1:{listening.getsockname()[1]}", postbox)
    server.should_exit = True
    thread.join(10)
    listening.close()
    world.parts.store.close()


@dataclass
class Window:
    """A page in the browser, with everything that the browser complained of."""

    page: Any
    address: str
    complaints: list[str]

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def log_in(self, path: str = "/login") -> None:
        self.open(path)
        self.page.fill("#login", "ada")
        self.page.fill("#password", PASSWORD)
        self.page.click("main button.primary")
        self.page.wait_for_selector("text=Log out")


OpenWindow = Callable[..., Window]


@pytest.fixture
def open_window(chromium: Any, served: Served) -> Iterator[OpenWindow]:
    """Open windows that remember complaints: script errors, and what the content policy refused."""
    contexts = []

    def open_one(*, width: int = 1440, height: int = 900, scheme: str = "light", scripts: bool = True) -> Window:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        window = Window(page, served.address, [])
        page.on("console", lambda said: said.type in ("error", "warning") and window.complaints.append(said.text))
        page.on("pageerror", lambda error: window.complaints.append(str(error)))
        return window

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The accessibility checker axe-core, fetched from npm for the test and never kept."""
    if which("npm") is None:
        pytest.skip("no npm to fetch axe-core with")
    folder = tmp_path_factory.mktemp("axe")
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), "axe-core@4.14.1"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=folder)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("axe-core could not be fetched from npm")
    (tarball,) = folder.glob("*.tgz")
    with tarfile.open(tarball) as archive:
        source = archive.extractfile("package/axe.min.js")
        assert source is not None
        return source.read().decode()
