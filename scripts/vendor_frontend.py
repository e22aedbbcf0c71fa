"""Fetch the front-end files that the desk ships, with their licences, and record their checksums.

    python scripts/vendor_frontend.py           fetch from the npm registry (needs npm) and write
    python scripts/vendor_frontend.py --check   compare what is in the tree with the recorded checksums, offline

Each package is pinned by version and by the SHA-256 of its tarball, so that a changed upload stops the script.
"""

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "consultant" / "web" / "static" / "vendor"
CHECKSUMS = VENDOR / "checksums.txt"


@dataclass(frozen=True)
class Package:
    """One npm package: what is pinned, and which of its files are kept under which names."""

    name: str
    version: str
    tarball_sha256: str
    files: tuple[tuple[str, str], ...]


PACKAGES = (
    Package(
        "htmx.org",
        "2.0.11",
        "165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
        (("package/dist/htmx.min.js", "htmx.min.js"), ("package/LICENSE", "htmx.LICENSE.txt")),
    ),
)


def fetch(package: Package) -> dict[str, bytes]:
    """Return the kept files of a package by their names here; stop on another tarball than the pinned one."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, f"{package.name}@{package.version}"]
        try:
            subprocess.run(command, check=True, capture_output=True, cwd=folder)
        except (OSError, subprocess.CalledProcessError) as error:
            sys.exit(f"{package.name}@{package.version} could not be fetched with npm: {error}.")
        (tarball,) = Path(folder).glob("*.tgz")
        found = hashlib.sha256(tarball.read_bytes()).hexdigest()
        if found != package.tarball_sha256:
            sys.exit(
                f"{package.name}@{package.version} has the SHA-256 {found}; {package.tarball_sha256} was expected."
            )
        with tarfile.open(tarball) as archive:
            return {kept: archive.extractfile(source).read() for source, kept in package.files}  # type: ignore[union-attr]  # a listed file is a regular one


def write() -> None:
    """Fetch every package and write its files and the checksums of all of them."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    lines = []
    for package in PACKAGES:
        for name, content in sorted(fetch(package).items()):
            (VENDOR / name).write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            lines.append(f"{digest}  {name}  {package.name}@{package.version}\n")
            print(f"wrote {name} ({len(content):,} bytes)")
    CHECKSUMS.write_text("".join(lines))


def check() -> list[str]:
    """Return one sentence for each file that is not what the checksums record."""
    complaints = []
    recorded = [line.split() for line in CHECKSUMS.read_text().splitlines()]
    for digest, name, package in recorded:
        path = VENDOR / name
        if not path.is_file():
            complaints.append(f"{name} of {package} is missing; run scripts/vendor_frontend.py.")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            complaints.append(f"{name} differs from what {package} holds; run scripts/vendor_frontend.py.")
    known = {name for _, name, _ in recorded} | {CHECKSUMS.name}
    complaints += [f"{path.name} has no checksum." for path in sorted(VENDOR.iterdir()) if path.name not in known]
    return complaints


def main() -> None:
    """Fetch, or with --check compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the recorded checksums, without network")
    if not parser.parse_args().check:
        write()
    elif complaints := check():
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main()
