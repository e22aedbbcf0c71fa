"""Run every test: pure ones and a whole desk on a file with sockets off, then real servers, then the browser.

Ends with what was skipped, by name, so that a green run on a machine without a server does not hide it.
"""

import subprocess
import sys
import time

GROUPS = (
    ("unit and layout", ["tests/unit", "tests/layout", "--disable-socket", "--allow-unix-socket", "-n", "auto"]),
    ("desk", ["tests/desk", "--disable-socket", "--allow-unix-socket", "-n", "auto"]),
    ("contract", ["tests/contract"]),
    ("functional", ["tests/functional"]),
    ("browser", ["tests/browser"]),
)


def main() -> int:
    """Run the groups in order, all of them even when one fails; return the exit code."""
    failed = []
    for name, arguments in GROUPS:
        began = time.monotonic()
        print(f"== {name}", flush=True)
        code = subprocess.run([sys.executable, "-m", "pytest", "-rs", *arguments, *sys.argv[1:]]).returncode
        print(
            f"== {name}: {'green' if code == 0 else f'failed ({code})'} in {time.monotonic() - began:.0f} s", flush=True
        )
        if code != 0:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
