"""The service's own processes for tests: started as an operator starts them, stopped by their process id."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2
from selectolax.lexbor import LexborHTMLParser

from tests.servers import wait_until

ROOT = Path(__file__).parents[1]
# Bytecode may be kept whatever the machine is set to: half a second of every start goes into compiling otherwise.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPATH": str(ROOT),
    "COLUMNS": "200",
}


def consultant(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command of the service to its end."""
    return subprocess.run(
        [sys.executable, "-m", "consultant", *arguments],
        cwd=cwd,
        env={**_ENVIRONMENT, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class Process:
    """One long-running process of the service; its output goes to a file."""

    def __init__(self, *arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        self.arguments = arguments
        self.cwd = cwd
        self.env = {**_ENVIRONMENT, "PYTHONUNBUFFERED": "1", **(env or {})}
        self.log = cwd / f"{'-'.join(arguments[:1])}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process; it may not be ready yet."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "consultant", *self.arguments],
                cwd=self.cwd,
                env=self.env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """All that the process has printed so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def running(self) -> bool:
        """Tell whether it runs."""
        return self._process is not None and self._process.poll() is None

    def wait_for(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        """Wait until the output matches, and return the match."""
        wait_until(
            lambda: re.search(pattern, self.output) is not None,
            f"{pattern!r} in the output of {self.arguments[0]}",
            seconds=seconds,
            alive=self.running,
            log=self.log,
        )
        found = re.search(pattern, self.output)
        assert found is not None
        return found

    def stop(self, sign: signal.Signals = signal.SIGINT, seconds: float = 20) -> int | None:
        """Ask it to stop and return its exit code; kill it and fail when it does not."""
        process, self._process = self._process, None
        if process is None:
            return None
        if process.poll() is None:
            process.send_signal(sign)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
            raise AssertionError(
                f"{self.arguments[0]} did not stop within {seconds} s: {self.output[-2000:]}"
            ) from None

    def kill(self) -> None:
        """Take it away without a word, with its children."""
        process, self._process = self._process, None
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


class DeskClient:
    """A reviewer's browser without JavaScript: follows links, fills in the forms that the pages hold."""

    def __init__(self, address: str) -> None:
        self._client = httpx2.Client(base_url=address, follow_redirects=True, timeout=20)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def answers(self) -> bool:
        """Tell whether the desk is there and healthy."""
        try:
            return bool(self._client.get("/healthz").status_code == 200)
        except httpx2.TransportError:
            return False

    def get(self, path: str) -> str:
        """Return a page."""
        reply = self._client.get(path)
        assert reply.status_code == 200, f"{path}: {reply.status_code}"
        return str(reply.text)

    def log_in(self, login: str, password: str) -> str:
        """Log in and return the page that follows."""
        return self.submit(self.get("/login"), "/login", login=login, password=password)

    def submit(self, page: str, action: str, *, status: int = 200, **fields: str) -> str:
        """Fill in the form whose action (or a button's) ends so, send it, and return the page that follows."""
        for form in LexborHTMLParser(page).css("form"):
            actions = [form.attributes.get("action") or ""]
            actions += [button.attributes.get("formaction") or "" for button in form.css("button")]
            target = next((each for each in actions if each.endswith(action)), None)
            if target is not None:
                reply = self._client.post(target, data={**_values(form), **fields})
                assert reply.status_code == status, f"{target}: {reply.status_code} {reply.text[-1500:]}"
                return str(reply.text)
        raise AssertionError(f"no form on the page leads to {action}")

    def approve(self, reference: str) -> str:
        """Claim a case, look at the letter, and approve it as it stands."""
        case = f"/cases/{reference}"
        page = self.submit(self.get(case), "/claim")
        page = self.submit(page, "/preview")
        return self.submit(page, "/approve")


def _values(form) -> dict[str, str]:
    values = {}
    for field in form.css("input, textarea"):
        name = field.attributes.get("name")
        kind = field.attributes.get("type", "")
        if not name or (kind in {"radio", "checkbox"} and "checked" not in field.attributes):
            continue
        values[name] = field.text() if field.tag == "textarea" else field.attributes.get("value") or ""
    return values
