"""Runs every bench, one after the other, each in a process of its own so that none warms the next."""

import subprocess
import sys
from pathlib import Path

BENCHES = ("knowledge_edits.py", "knowledge_search.py")


def main() -> int:
    """Run each bench; return 1 when one of them failed."""
    folder = Path(__file__).parent
    failed = [name for name in BENCHES if subprocess.run([sys.executable, folder / name], check=False).returncode]
    for name in failed:
        print(f"{name} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
