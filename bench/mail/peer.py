"""The peer: django-helpdesk's `get_email` in an environment of its own, on the same server, letters and databases.

The environment lies in the user's cache folder and is made once; `$XDG_CACHE_HOME/consultant-bench/helpdesk-VERSION`.
"""

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from bench.mail.town import Kind, Town
from tests.servers import HOST

VERSION = "2.6.1"
_RUN = Path(__file__).with_name("peer_run.py")


class NoPeer(Exception):
    """The peer cannot be installed here; the sentence says what pip said."""


@cache
def python() -> Path:
    """Return the interpreter of the peer's environment, which is made when there is none; raise `NoPeer`."""
    root = Path(os.path.expandvars("$XDG_CACHE_HOME"))
    root = root if root.is_absolute() else Path.home() / ".cache"
    folder = root / "consultant-bench" / f"helpdesk-{VERSION}"
    found = folder / "bin" / "python"
    if (folder / "complete").exists():
        return found
    print(f"Installing django-helpdesk {VERSION} into {folder}…", flush=True)
    wanted = (f"django-helpdesk=={VERSION}", "psycopg[binary]")
    for command in ([sys.executable, "-m", "venv", "--clear", folder], [found, "-m", "pip", "install", "-q", *wanted]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoPeer(f"django-helpdesk could not be installed: {done.stderr.strip()[-400:]}")
    (folder / "complete").touch()
    return found


def taken(town: Town, user: str, kind: Kind, letters: int) -> float:
    """Return letters a second from the login to the last letter marked, its tickets counted afterwards."""
    interpreter = python()
    town.settle()
    with tempfile.TemporaryDirectory(dir=town.folder) as folder:
        database = f"{folder}/helpdesk.sqlite" if kind == "sqlite" else town.database()
        ports = [str(town.postgres.port), str(town.imap.port)]
        done = subprocess.run(
            [interpreter, _RUN, kind, database, *ports, user, town.imap.password, folder],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.defpath, "HOST": HOST, "LANG": "C.UTF-8"},
        )
    told = done.stdout.split()[-2:]
    if done.returncode or len(told) != 2 or int(told[0]) < letters * 0.95:
        raise NoPeer(f"django-helpdesk took {told} of {letters} letters: {done.stderr[-1500:]} {done.stdout[-1500:]}")
    return int(told[0]) / float(told[1])
