"""Runs the benches, one after the other, each in a process of its own so that none warms the next.

`python -m bench` runs all; `python -m bench mail …` runs that of the mail side with its own options.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.mail.run import main as mail

FOLDER = Path(__file__).parent
BENCHES = {
    "knowledge_edits": (str(FOLDER / "knowledge_edits.py"),),
    "knowledge_search": (str(FOLDER / "knowledge_search.py"),),
    "mail": ("-m", "bench", "mail"),
}


def main(arguments: Sequence[str]) -> int:
    """Run each bench, or the one of the mail side with its arguments; return 1 when one of them failed."""
    if arguments[:1] == ["mail"]:
        return mail(arguments[1:])
    failed = [
        name
        for name, command in BENCHES.items()
        if subprocess.run([sys.executable, *command, *arguments], check=False).returncode
    ]
    for name in failed:
        print(f"{name} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
