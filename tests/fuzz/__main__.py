"""Spoil letters of the corpus for a while and look at how each is read: `make fuzz SECONDS=600 SEED=1`.

Seeded: the same seed spoils the same letters in the same order. A letter that was read in a new way (another refusal,
rule, defect or mix of parts) joins the pool and is spoiled further. Each finding is made as small as can be and kept in
a folder, from which it goes into tests/corpus under the verdict that it should have.
"""

import argparse
import hashlib
import re
import resource
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from consultant.errors import ConsultantError
from consultant.gateways.child import ChildReader
from consultant.mail.automatic import screen
from consultant.mail.letter import Letter
from consultant.mail.parse import Unparseable
from tests.fuzz.mutations import mutate
from tests.fuzz.target import Finding, check

CORPUS = Path(__file__).parents[1] / "corpus"
MEMORY = 2 * 1024**3
"""Bytes of address space: a letter that would take more ends in a MemoryError, which is a finding."""
_IN_CHILD, _ANSWERED, _POOL = 25, 10, 2_000
_MINIMISED_FOR = 40.0


def main() -> int:
    """Fuzz until the time is over; return 1 when something was found."""
    arguments = argparse.ArgumentParser(description="Fuzz the reading of letters.")
    arguments.add_argument("--seconds", type=float, default=600)
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--folder", type=Path, default=Path("var/fuzz"))
    chosen = arguments.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    print(f"seed {chosen.seed}, {chosen.seconds:.0f} s", flush=True)
    reader = ChildReader()
    try:
        return _run(chosen.seed, chosen.seconds, chosen.folder, reader)
    finally:
        reader.close()


def _run(seed: str, seconds: float, folder: Path, reader: ChildReader) -> int:
    pool = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml")) if path.stat().st_size < 100_000]
    ways: set[tuple[str, ...]] = set()
    found: dict[str, Finding] = {}
    count, refused, ends = 0, 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        chance = Random(f"{seed}:{count}")
        raw = mutate(chance.choice(pool), chance, pool)
        findings, read = check(raw, answer=count % _ANSWERED == 0)
        if count % _IN_CHILD == 0:
            findings += _by_child(reader, raw, read)
        refused += isinstance(read, str)
        way = _way(read)
        if way not in ways and len(pool) < _POOL:
            ways.add(way)
            pool.append(raw)
        for finding in findings:
            if finding.kind not in found:
                found[finding.kind] = finding
                _keep(folder, finding, _smallest(raw, _again(finding, reader)), f"{seed}:{count}")
        count += 1
    print(f"{count:,} letters ({refused:,} refused), {len(ways):,} ways of being read, {len(found)} findings")
    for finding in found.values():
        print(f"  {finding.kind}: {finding.told}")
    return 1 if found else 0


def _way(read: Letter | str) -> tuple[str, ...]:
    """Return what tells one way of being read from another: rules, defects and parts, without numbers and names."""
    if isinstance(read, str):
        return ("refused", re.sub(r"[\d,]+|field \S+", "#", read))
    kinds = sorted({part.content_type[:40] for part in read.attachments})[:4]
    defects = sorted({re.sub(r"'.*'|\d+", "#", row) for row in read.defects})
    shape = [str(bool(each)) for each in (read.html, read.quoted_text, read.signature, read.forwarded, read.new_text)]
    return (screen(read, frozenset()).rule, *shape, *kinds, *defects)


def _by_child(reader: ChildReader, raw: bytes, read: Letter | str) -> list[Finding]:
    """Read the letter in the limited child too: the same letter, or the same sentence."""
    try:
        other: Letter | str = reader(raw)
    except Unparseable as error:
        other = str(error)
    except ConsultantError as error:
        return [Finding("the child fell", str(error))]
    same = other == read or read in ("raised", "given up")
    return [] if same else [Finding("the child reads otherwise", str(other)[:200])]


def _again(finding: Finding, reader: ChildReader) -> Callable[[bytes], bool]:
    def shows(raw: bytes) -> bool:
        findings, read = check(raw, answer=finding.kind.startswith("answer"))
        if "child" in finding.kind:
            findings += _by_child(reader, raw, read)
        return any(each.kind == finding.kind for each in findings)

    return shows


def _smallest(raw: bytes, shows: Callable[[bytes], bool]) -> bytes:
    """Cut pieces out, large ones first, as long as the finding stays; gives up after a while."""
    ends = time.monotonic() + _MINIMISED_FOR
    size = len(raw) // 2
    while size and time.monotonic() < ends:
        place = 0
        while place < len(raw) and time.monotonic() < ends:
            shorter = raw[:place] + raw[place + size :]
            if shows(shorter):
                raw = shorter
            else:
                place += size
        size //= 2
    return raw


def _keep(folder: Path, finding: Finding, raw: bytes, origin: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", finding.kind.lower()).strip("-")[:60]
    path = folder / f"{name}-{hashlib.sha256(raw).hexdigest()[:8]}.eml"
    path.write_bytes(raw)
    print(f"{finding.kind}: {finding.told}\n  {len(raw):,} bytes in {path} (letter {origin})", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
