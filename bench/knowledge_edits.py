"""Measures the PTP edits of a release at full size: import and build, lookups, growth, opening, and agreement.

    .venv/bin/python bench/knowledge_edits.py [--layout FOLDER] [--quick]

FOLDER holds the practitioner edits in the official layout, as bench/official_layout.py writes them; without it they are
written into a temporary folder. The effective dates in them are placeholders, which changes no measurement. Each step
runs in a process of its own, five times, and medians count; "cpu" is time of the processor, which other work on the
machine lengthens little. `--quick` takes a sixteenth of the rows, once.
"""

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench import edit_agreement, official_layout, plain_edits
from bench.edit_tasks import LAST, Cost, Figures, asked, compile_release, floor, middle, opened, run, take
from knowledge.release import open_release

SAMPLE = Path(__file__).parents[1] / "tests" / "unit" / "knowledge" / "sample_excision.yaml"
"""A family of two invented codes: what is measured is the edits and not the content."""
TIMES, QUESTIONS, PAIRS, CLAIMS = 5, 5000, 2000, 200
SHARES = {"1x": 1 / 16, "4x": 1 / 4, "16x": 1.0}


def line(figure: str, reached: str, wanted: str = "") -> None:
    """Print one line of the table."""
    print(f"{figure:<50} {reached:<38} {wanted}", flush=True)


class Bench:
    """The files and folders of one run."""

    def __init__(self, folder: Path, paths: Sequence[Path], times: int, seed: int) -> None:
        self.folder, self.paths, self.times, self.seed = folder, paths, times, seed
        self.content = folder / "content"
        (self.content / "families").mkdir(parents=True)
        (self.content / "families" / SAMPLE.name).write_bytes(SAMPLE.read_bytes())

    def made(self, paths: Sequence[Path], name: str) -> tuple[Path, Cost, Cost]:
        """Import and build; return the folder of releases, and what each of the two cost."""
        root = self.folder / name
        return root, run(take, root, *paths), run(compile_release, root, self.content)

    def import_and_build(self) -> Path:
        """Measure import and build beside the floor, in turns; return the folder of the last releases."""
        floors, imports, builds = [], [], []
        for turn in range(self.times):
            table = self.folder / f"floor-{turn}.sqlite"
            floors.append(run(floor, table, *self.paths))
            root, one, other = self.made(self.paths, f"turn-{turn}")
            imports.append(one)
            builds.append(other)
        plain, importing, building = middle(floors), middle(imports), middle(builds)
        assert plain.said["rows"] == importing.said["rows"]
        size, ours = table.stat().st_size, building.said["bytes"]
        ratio = (importing.processor + building.processor) / plain.processor
        line(f"floor: {int(plain.said['rows']):,} rows into a plain table", f"{_cost(plain)}, {size / 1e6:,.0f} MB")
        line("import", _cost(importing))
        line("build", f"{_cost(building)}, {ours / 1e6:,.0f} MB")
        line("import and build over the floor, cpu", f"{ratio:.2f} times", "at most 5")
        line("database over the plain table, bytes", f"{ours / size:.2f} times", "at most 1")
        for name, cost in (("floor", plain), ("import", importing), ("build", building)):
            line(f"peak memory, {name}", f"{cost.peak:,.0f} MB", "" if name == "floor" else "under 500 MB")
        return root

    def questions(self) -> Path:
        """Draw pairs and claims of ten codes from the smallest share, so that every size is asked the same."""
        draw = random.Random(self.seed)
        pairs = draw.sample(sorted({(one, two) for one, two, *_ in plain_edits.rows(self.share("1x"))}), PAIRS)
        codes = sorted({code for pair in pairs for code in pair})
        path = self.folder / "questions.json"
        path.write_text(json.dumps((pairs, [draw.sample(codes, 10) for _ in range(CLAIMS)])))
        return path

    def share(self, name: str) -> Sequence[Path]:
        """Return files with a share of the pairs."""
        out = self.folder / f"layout-{name}"
        if SHARES[name] == 1:
            return self.paths
        return sorted(out.iterdir()) if out.exists() else plain_edits.cut(self.paths, out, SHARES[name])

    def lookups(self, root: Path) -> None:
        """Measure lookups beside the raw statement, and how they grow with the rows."""
        questions = self.questions()
        found: dict[str, Figures] = {}
        for name in SHARES:
            of_size = root if SHARES[name] == 1 else self.made(self.share(name), f"rows-{name}")[0]
            found[name] = middle([run(asked, of_size, questions) for _ in range(self.times)]).said
        for clock in ("", " cpu"):
            raw, pair, claim = (found["16x"][f"{name}{clock}"] for name in ("raw", "pair", "claim"))
            line(f"one pair, both orders{clock}", f"{pair:.1f} us; raw statement {raw:.1f} us")
            line(f"  more than the raw statement{clock}", f"{pair - raw:.1f} us", "at most 30 us")
            line(f"ten codes, 45 pairs{clock}", f"{claim:.0f} us", "at most 500 us")
        for name, figures in found.items():
            pair, raw = (figures[kind] / found["1x"][kind] for kind in ("pair cpu", "raw cpu"))
            reached = f"{figures['pair cpu']:.1f} us, {pair:.2f} of 1x; raw {raw:.2f}"
            line(f"growth, {name} of the rows: one pair cpu", reached, "at most 1.2 of 1x")

    def opening(self, root: Path) -> None:
        """Measure what it takes to open the release in a fresh process."""
        said = middle([run(opened, root) for _ in range(self.times)]).said
        line("open the release", f"{said['ms']:.1f} ms, cpu {said['cpu ms']:.1f} ms", "at most 50 ms")
        line("  growth of memory", f"{said['MB']:.1f} MB, {said['MB asked']:.1f} MB once asked", "at most 20 MB")

    def agreement(self, root: Path, count: int) -> bool:
        """Compare answers with a plain scan of the files; tell whether all agree."""
        questions = edit_agreement.sample(self.paths, count, self.seed, LAST)
        with open_release(root / "current") as release:
            wrong = list(edit_agreement.disagreements(release, self.paths, questions))
        kinds = Counter(row.kind for row in questions)
        line(f"verdicts that agree, seed {self.seed}", f"{count - len(wrong):,} of {count:,}", "all")
        line("  asked", ", ".join(f"{number:,} {kind}" for kind, number in kinds.items()))
        print("".join(f"  {text}\n" for text in wrong[:5]), end="")
        return not wrong


def _cost(cost: Cost) -> str:
    return f"{cost.seconds:.1f} s, cpu {cost.processor:.1f} s"


def main() -> None:
    """Measure everything and print a table."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--layout", type=Path, help="a folder with the practitioner edits in the official layout")
    options.add_argument("--quick", action="store_true", help="a sixteenth of the rows, each measured once")
    options.add_argument("--seed", type=int, default=20240930, help="draws the pairs that are asked")
    given = options.parse_args()
    if given.layout is None and not official_layout.EXTRACTS.exists():
        print(f"The extracts of the edits are not in {official_layout.EXTRACTS}, so nothing is measured.")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths: Sequence[Path] = sorted(given.layout.glob("*practitioner-ptp-edits*.zip")) if given.layout else ()
        paths = paths or official_layout.write_ptp(folder / "layout", "practitioner")
        if given.quick:
            paths = plain_edits.cut(paths, folder / "quick", SHARES["1x"])
        bench = Bench(folder, paths, 1 if given.quick else TIMES, given.seed)
        line("figure", "reached", "wanted")
        root = bench.import_and_build()
        bench.lookups(root)
        bench.opening(root)
        if not bench.agreement(root, QUESTIONS // 10 if given.quick else QUESTIONS):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
