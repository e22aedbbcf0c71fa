"""The mail bench keeps running: its smallest sizes, no peer, and nothing said about time."""

import subprocess
import sys

import pytest

from tests.processes import ROOT
from tests.servers import Dovecot, PostgreSQL, Redis

pytestmark = pytest.mark.service

missing = [reason for server in (Dovecot, Redis, PostgreSQL) if (reason := server.missing())]
if missing:
    pytest.skip("; ".join(missing), allow_module_level=True)


def test_parts_of_the_mail_bench_print_their_figures():
    """A part that cannot take its letters through fails the run, so a table stands for letters that arrived."""
    # Two batches, for a rate is counted from the first to the last.
    sizes = (
        "--letters=60",
        "--drafts=4",
        "--rounds=1",
        "--peer-letters=0",
        "--ledger-letters=50",
        "--stores",
        "sqlite",
    )
    command = [sys.executable, "-m", "bench", "mail", "--only", "intake,sending,ledger", *sizes]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    for figure in (
        "sqlite: intake, of the limit",
        "sqlite: intake, moving, of the limit",
        "outbox, of the loop",
        "ledger of 50 letters: intake, of the empty one",
    ):
        assert any(row.startswith(f"| {figure} |") for row in rows), done.stdout[-2000:]
