"""The starter release, built from the content as it stands and kept until that changes, as building takes long."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from knowledge.build import build

ROOT = Path(__file__).parents[1]


def starter(kept_in: Path = ROOT / ".pytest_cache") -> Path:
    """Return a folder of releases with the starter release in use; several processes may ask at once."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "knowledge").rglob("*")):
        if path.suffix in {".py", ".yaml", ".csv"}:
            digest.update(path.read_bytes())
    kept = kept_in / f"knowledge-{digest.hexdigest()[:16]}"
    if kept.exists():
        return kept
    kept_in.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as building:
        build(into=Path(building))
        placed = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copytree(building, placed, symlinks=True)
    for older in kept_in.glob("knowledge-*"):
        if older not in {kept, placed} and "." not in older.name:
            shutil.rmtree(older, ignore_errors=True)
    try:
        placed.rename(kept)
    except OSError:
        # Another process was first.
        shutil.rmtree(placed)
    return kept
