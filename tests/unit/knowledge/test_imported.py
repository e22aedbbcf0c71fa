"""What an operator's official files say by date once they are built into a release."""

import csv
import gzip
import re
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bench import edit_agreement, official_layout
from knowledge.model import CodeEntry
from knowledge.official_model import (
    AddOn,
    Coverage,
    CoveredBy,
    Fee,
    HospitalRate,
    Locality,
    Mue,
    NoEdition,
    PtpAnswer,
)
from knowledge.official_text import official_lines
from knowledge.release import Release
from knowledge.verify import verify
from tests.unit.knowledge import published
from tests.unit.knowledge.published import ALASKA, MANY, NOTES, ORDER, PCS, WINDOWS, Operator, in_force
from tests.unit.knowledge.sources import test_hcpcs
from tests.unit.knowledge.sources.official_files import shared

ON = date(2026, 5, 1)
"""A day for which every file of `everything` but that of ICD-10-CM holds."""


@pytest.fixture
def operator(content: Path, tmp_path: Path) -> Operator:
    """An operator with the invented content and no release yet."""
    return Operator(content, tmp_path / "releases", tmp_path / "files")


@pytest.fixture(scope="module")
def everything(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """A release with files of every kind in it."""
    folder = tmp_path_factory.mktemp("everything")
    files = folder / "files"
    operator = Operator(built_once.parents[1] / "content", folder / "releases", files)
    with operator.release(
        *published.ptp(files, WINDOWS),
        *published.ptp(files, WINDOWS[:1], setting="outpatient_hospital"),
        published.mue(files, {"11440": 3, "00100": 1}),
        published.mue(files, {"11440": 2}, setting="OutpatientHospitalServices"),
        published.add_on(files, ("1", "11008", "11441", "2013091", ""), ("2", "01953", "CCCCC", "2013091", "2020366")),
        published.fee(
            files,
            published.fee_row("11440"),
            published.fee_row("11441", units=("0.50", "0", "0", "0"), factor="0.2500"),
            published.fee_row("00100", units=("0.00", "0.00", "0.00", "0.00"), status="C"),
            published.fee_row("G0168", description="Invented text"),
        ),
        published.gpci(files, ALASKA),
        published.hcpcs(files, *test_hcpcs.RECORDS),
        published.order(files, *ORDER),
        published.tabular(files, NOTES),
        published.order(files, *PCS, name="icd10pcs_order_2026.txt"),
        published.articles(files, "2026-04-20"),
        published.lcds(files, "2026-04-20"),
        published.opps(files, ("11440", "T", "5052", "$1,373.11 "), ("0001F", "E1", "", "")),
    ) as opened:
        yield opened


def test_what_was_imported_is_proven_like_all_else(everything: Release) -> None:
    """Every kind of file is a source of the release, and nothing in it contradicts another."""
    kinds = {row.kind for row in everything.sources()}
    assert kinds >= {"ptp", "mue", "add_on", "fee", "gpci", "hcpcs", "icd10cm", "icd10pcs", "coverage", "opps"}
    assert verify(everything) == ()


@pytest.mark.parametrize(
    ("on", "indicators"),
    [
        (date(2009, 12, 31), []),
        (date(2010, 1, 1), ["1"]),
        (date(2015, 12, 31), ["1"]),
        (date(2016, 1, 1), []),
        (date(2019, 12, 31), []),
        (date(2020, 1, 1), ["0"]),
        (date(2026, 6, 30), ["0"]),
    ],
)
def test_a_pair_that_recurs_answers_by_its_windows(everything: Release, on: date, indicators: list[str]) -> None:
    """Both ends of a window belong to it, and the order in which the codes are asked makes no difference."""
    assert in_force(everything, ("11440", "12011"), on) == indicators
    assert in_force(everything, ("12011", "11440"), on) == indicators


def test_a_void_edit_never_applies(everything: Release) -> None:
    """Its window is one day, and not even on that day is there an edit."""
    assert in_force(everything, ("11440", "12013"), date(2020, 4, 1)) == []


def test_a_row_of_each_part_answers(everything: Release) -> None:
    """A release of edits is the whole of its four parts."""
    for row in published.FILLING:
        assert in_force(everything, row[:2], ON) == [row[4]]


def test_the_day_after_the_edition_is_held_by_none(everything: Release) -> None:
    """An edit may have come since: "none held" is another type than "no edit"."""
    after = date(2026, 7, 1)
    assert everything.edits(("11440", "12011"), after) == NoEdition("ptp", after, ("pairs of 2025Q4", "2026Q2 (v32.1)"))
    answer = everything.edits(("11440", "99213"), ON)
    assert isinstance(answer, PtpAnswer)
    assert answer.edits == ()


def test_hospital_and_practitioner_are_asked_apart(everything: Release) -> None:
    """Edits and limits of one kind of claim are never given for the other."""
    on = date(2015, 12, 31)
    assert in_force(everything, ("11440", "12011"), on, "outpatient_hospital") == ["1"]
    assert in_force(everything, ("11440", "12011"), ON) == ["0"]
    assert in_force(everything, ("11440", "12011"), ON, "outpatient_hospital") == []
    limits = [everything.mue("11440", ON, setting) for setting in ("practitioner", "outpatient_hospital")]
    assert [isinstance(limit, Mue) and limit.units for limit in limits] == [3, 2]
    assert everything.mue("11440", ON, "dme") == NoEdition("mue", ON, ())


def test_a_limit_is_that_of_its_quarter(everything: Release) -> None:
    """The file has no dates of its own; what it does not list has no published limit."""
    limit = everything.mue("11440", ON)
    assert isinstance(limit, Mue)
    assert (limit.units, limit.indicator, limit.edition) == (3, "3", "2026Q2")
    assert isinstance(everything.mue("11440", date(2026, 7, 1)), NoEdition)
    assert everything.mue("12011", ON) is None


def test_an_add_on_names_its_primaries_until_they_are_deleted(everything: Release) -> None:
    """Rows carry their days, so the file of a quarter answers for years before it."""
    wanted = (AddOn("11008", "1", ("11441",), "2026Q2"),)
    assert everything.addon("11008", ON) == everything.addons_of("11441", ON) == wanted
    assert everything.addon("11008", date(2013, 3, 31)) == ()
    assert everything.addon("01953", date(2020, 12, 31)) == (AddOn("01953", "2", ("CCCCC",), "2026Q2"),)
    assert everything.addon("01953", ON) == ()


def _fee(release: Release, code: str) -> Fee:
    answer = release.fee(code, ON)
    assert isinstance(answer, Fee)
    return answer


def test_an_amount_is_right_to_the_cent(everything: Release) -> None:
    """(1.01 + 2.57 + 0.12) x 32.3465 is 119.68205; (1.01 + 0.64 + 0.12) x 32.3465 is 57.253305."""
    fee = _fee(everything, "11440")
    assert (fee.amount(), fee.amount(facility=True)) == (Decimal("119.68"), Decimal("57.25"))


def test_half_a_cent_is_rounded_up(everything: Release) -> None:
    """0.50 x 0.25 is 0.125."""
    assert _fee(everything, "11441").amount() == Decimal("0.13")


def test_an_amount_of_a_locality_weighs_each_part(everything: Release) -> None:
    """(1.01 x 1.5 + 2.57 x 1.081 + 0.12 x 0.592) x 32.3465 is 141.1669...; with 0.64 for a facility 73.6793..."""
    localities = everything.localities(ON)
    assert not isinstance(localities, NoEdition)
    alaska = Locality(
        *("02102", "AK", "01", "ALASKA, ALL"), Decimal("1.5"), Decimal("1.081"), Decimal("0.592"), "GPCI2026"
    )
    assert localities == (alaska,)
    fee = _fee(everything, "11440")
    assert (fee.amount(alaska), fee.amount(alaska, facility=True)) == (Decimal("141.17"), Decimal("73.68"))


def test_a_fee_that_the_contractor_sets_has_no_amount(everything: Release) -> None:
    """The file gives zeros for it, and "$0.00" would be read as "not paid"."""
    assert _fee(everything, "00100").amount() is None
    lines = " ".join(official_lines(everything, "00100", ON, "02102-01"))
    assert "status C" in lines
    assert "$" not in lines
    assert "Local amount: PPRRVU2026_Apr gives no values of 00100." in lines


def test_the_amounts_of_the_real_files_are_those_of_their_totals(operator: Operator) -> None:
    """The file at full size gives the sums of its parts, and what is asked in Alaska is worked out here by hand."""
    packed, indices = shared("pprrvu/PPRRVU2025_Oct.csv.gz"), shared("gpci/GPCI2025.csv")
    totals = _totals(packed)
    assert len(totals) > 300
    with operator.release(packed, indices) as release:
        on = date(2025, 12, 31)
        localities = release.localities(on)
        assert not isinstance(localities, NoEdition)
        alaska = next(row for row in localities if (row.contractor, row.number) == ("02102", "01"))
        assert (alaska.work, alaska.practice_expense, alaska.malpractice) == (
            Decimal("1.5"),
            Decimal("1.081"),
            Decimal("0.592"),
        )
        for (code, modifier), (office, facility) in totals.items():
            fee = release.fee(code, on, modifier)
            assert isinstance(fee, Fee)
            assert fee.conversion_factor == Decimal("32.3465")
            assert fee.amount() == _cents(office * Decimal("32.3465")), code
            assert fee.amount(facility=True) == _cents(facility * Decimal("32.3465")), code
            assert fee.work is not None
            assert fee.pe_nonfacility is not None
            assert fee.malpractice is not None
            units = (
                fee.work * Decimal("1.5") + fee.pe_nonfacility * Decimal("1.081") + fee.malpractice * Decimal("0.592")
            )
            assert fee.amount(alaska) == _cents(units * Decimal("32.3465")), code


def _totals(packed: Path) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """Return the totals, in the office and in a facility, of every 20th row that has both, as the file gives them."""
    with gzip.open(packed, "rt", encoding="latin-1", newline="") as lines:
        rows = [row for row in csv.reader(lines) if re.fullmatch(r"\w{5}", row[0]) and row[0] != "HCPCS"]
    found = {(row[0], row[1]): (Decimal(row[11]), Decimal(row[12])) for row in rows}
    return {key: totals for key, totals in list(found.items())[::20] if all(totals)}


def _cents(amount: Decimal) -> Decimal:
    return (amount + Decimal("0.005")).quantize(Decimal("0.01"), "ROUND_DOWN")


def test_hcpcs_codes_and_modifiers_come_with_their_days(everything: Release) -> None:
    """A code of many records is one, and one that was terminated is known and not for the date."""
    drug = everything.code("HCPCS", "J9999", ON)
    assert isinstance(drug, CodeEntry)
    assert (drug.description, drug.effective, drug.for_date) == (test_hcpcs.LONG, date(2020, 1, 1), True)
    ended = everything.code("HCPCS", "V5999", ON)
    assert isinstance(ended, CodeEntry)
    assert (ended.ended, ended.for_date) == (date(2025, 12, 31), False)
    last = everything.code("HCPCS", "V5999", date(2025, 12, 31))
    assert isinstance(last, CodeEntry)
    assert last.for_date
    modifier = everything.code("MODIFIER", "ZZ", ON)
    assert isinstance(modifier, CodeEntry)
    assert (modifier.description, modifier.effective) == ("Invented modifier", date(2024, 1, 1))


def test_what_an_imported_file_describes_is_found_by_a_search(everything: Release) -> None:
    """Codes of HCPCS and ICD-10-PCS have the words of CMS, and diagnoses of an older year their own."""
    for words, code in (
        ("invented drug for injection", "J9999"),
        ("bypass of an invented part", "0016070"),
        ("last", "Z99"),
    ):
        assert code in [hit.key for hit in everything.search(words)]


def test_a_diagnosis_is_answered_from_the_edition_of_its_date(everything: Release) -> None:
    """An older fiscal year stands beside the shipped one, each with its words and notes."""
    for on, edition, words, note in (
        (date(2020, 10, 1), "FY2021", "Nevus as it was called", "as it was noted"),
        (date(2021, 9, 30), "FY2021", "Nevus as it was called", "as it was noted"),
        (ON, "FY2026 (April 2026 update)", "Invented nevus", "nor with L82.1"),
    ):
        entry, notes = everything.icd10("D22.39", on), everything.notes("D22.39", on)
        assert isinstance(entry, CodeEntry)
        assert (entry.edition, entry.description, entry.for_date) == (edition, words, True)
        assert notes is not None
        assert (notes.edition, notes.excludes1[0]) == (edition, note)
    between = everything.icd10("D22.39", date(2023, 1, 1))
    assert isinstance(between, CodeEntry)
    assert not between.for_date


def test_a_code_of_one_edition_alone_is_no_proof_for_another(everything: Release) -> None:
    """It is known for what it is, and not vouched for on the date."""
    for code, on in (("Z99", ON), ("D22.3", date(2021, 1, 1))):
        entry = everything.icd10(code, on)
        assert isinstance(entry, CodeEntry)
        assert not entry.for_date


def test_a_procedure_code_of_icd10_is_known(everything: Release) -> None:
    """Codes of seven characters; the table above them is not billable."""
    entry, table = everything.code("ICD-10-PCS", "0016070", ON), everything.code("ICD-10-PCS", "001", ON)
    assert isinstance(entry, CodeEntry)
    assert isinstance(table, CodeEntry)
    assert (entry.description, entry.billable, table.billable) == ("Bypass of an invented part", True, False)


def test_coverage_names_the_article_and_its_lcds(everything: Release) -> None:
    """Codes stand in articles, in another download than the LCDs that these belong to."""
    edition = "articles 2026-04-20; LCDs 2026-04-20"
    answer = everything.coverage("29877", ON)
    title = "Billing and Coding: Invented things & others"
    assert answer == Coverage(
        "29877",
        (CoveredBy("A52369", title, "17", "A", "procedure", 1, date(2026, 4, 1), None, ("L33777",), edition),),
        edition,
    )
    roles = {}
    for code in ("M23.200", "M17.11", "A00.0"):
        found = everything.coverage(code, ON)
        assert isinstance(found, Coverage)
        roles[code] = [row.role for row in found.articles]
    assert roles == {"M23.200": ["supports"], "M17.11": ["conflicts"], "A00.0": []}


def test_a_hospital_rate_is_that_of_addendum_b(everything: Release) -> None:
    """Codes that are not paid have a status and no rate."""
    rate = everything.hospital_rate("11440", ON)
    assert isinstance(rate, HospitalRate)
    assert (rate.status_indicator, rate.apc, rate.payment_rate) == ("T", "5052", Decimal("1373.11"))
    unpaid = everything.hospital_rate("0001F", ON)
    assert isinstance(unpaid, HospitalRate)
    assert (unpaid.status_indicator, unpaid.payment_rate) == ("E1", None)
    assert everything.hospital_rate("11441", ON) is None
    assert isinstance(everything.hospital_rate("11440", date(2026, 7, 1)), NoEdition)


def test_codes_are_text(everything: Release) -> None:
    """A code with leading zeros is found under them, and under nothing else."""
    assert in_force(everything, ("36010", "00100"), ON) == ["0"]
    assert isinstance(everything.mue("00100", ON), Mue)
    assert _fee(everything, "00100").code == "00100"
    assert everything.addon("01953", date(2020, 1, 1)) != ()
    assert everything.code("ICD-10-PCS", "0016070", ON)
    for number in ("100", "100.0", "1953"):
        assert everything.mue(number, ON) is None
        assert everything.fee(number, ON) is None
        assert everything.addon(number, date(2020, 1, 1)) == ()


def test_many_codes_are_asked_at_once(everything: Release) -> None:
    """A claim of sixty codes is 1,770 pairs; each is answered, in the order of the codes."""
    codes = ("12011", *(str(code) for code in range(20000, 20058)), "11440")
    answer = everything.edits(codes, ON)
    assert isinstance(answer, PtpAnswer)
    assert len(answer.pairs) == 1770
    assert [(pair.first, pair.second) for pair in answer.pairs if pair.edits] == [("12011", "11440")]


def test_a_claim_of_ten_codes_reads_no_more_than_its_pairs(operator: Operator) -> None:
    """Thousands of other edits make it no slower: it is asked by key, whatever SQLite's planner makes of a list."""
    with operator.release(*published.ptp(operator.files, MANY)) as release:
        codes = tuple(str(code) for code in range(10000, 10010))
        release.edits(codes, ON)
        began = time.thread_time()
        for _ in range(20):
            release.edits(codes, ON)
        assert time.thread_time() - began < 0.1


def test_verdicts_on_the_real_edits_are_those_of_a_plain_scan(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pairs that recur, were deleted, are void, stand, or are in no row, in both orders and at the ends of windows."""
    whole = shared("ncci/ncci_ptp_practitioner_2024q3.csv.gz")
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    with gzip.open(whole, "rb") as lines, gzip.open(extracts / whole.name, "wb", compresslevel=1) as some:
        some.writelines(line for line in lines if line[:5] == b"colum" or zlib.crc32(line[:5]) % 50 == 0)
    monkeypatch.setattr(official_layout, "EXTRACTS", extracts)
    paths = official_layout.write_ptp(operator.files, "practitioner")
    asked = edit_agreement.sample(paths, 500, seed=7, last=date(2024, 9, 30))
    assert Counter(row.kind for row in asked) == dict.fromkeys(edit_agreement.KINDS, 100)
    with operator.release(*paths) as release:
        assert list(edit_agreement.disagreements(release, paths, asked)) == []


def test_texts_of_others_in_coverage_and_rates_are_never_taken(everything: Release) -> None:
    """The exports carry descriptors beside the codes; a licence makes no difference."""
    owned = (b"a descriptor that is not taken", b"Owned by others")
    kept = [path for path in everything.folder.parent.rglob("*") if path.is_file()]
    assert not [path.name for path in kept if any(text in path.read_bytes() for text in owned)]
