"""Local letters on disk, and the sample letters, as far as no server is needed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultant.errors import Permanent
from consultant.local.letters import Letters, file_name
from consultant.local.samples import TITLES, sample, samples

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_name_is_one_folder_and_comes_back(name: str) -> None:
    """Slashes, dots, NUL and letters of any script: one path component, and the same name again."""
    kept = file_name(name)
    assert unquote(kept) == name
    assert Path(kept).name == kept
    assert not kept.startswith(".")
    assert "\0" not in kept


@pytest.mark.parametrize("name", ["", "x" * 201, "ä" * 40])
def test_a_name_that_no_folder_can_have_is_refused(name: str) -> None:
    """Nothing is cut off silently: two long names never become one."""
    with pytest.raises(ValueError, match="200 bytes"):
        file_name(name)


def test_letters_come_back_in_the_order_that_they_came(tmp_path: Path) -> None:
    """By the moment they came, and within one moment in the order of keeping."""
    letters = Letters(tmp_path)
    for number, minutes in enumerate((5, 1, 5, 3)):
        letters.keep("a@x.example", "INBOX", b"%d" % number, NOON + timedelta(minutes=minutes))
    found = list(letters.letters("a@x.example"))
    assert [letter.raw for letter in found] == [b"1", b"3", b"0", b"2"]
    assert found[0].received_at == NOON + timedelta(minutes=1)


def test_uidvalidity_only_rises_even_when_the_clock_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A UIDVALIDITY never comes twice, whatever the clock says at the next start."""
    first = Letters(tmp_path)
    seen = [first.new_validity() for _ in range(3)]
    monkeypatch.setattr("consultant.clock.now", lambda: NOON - timedelta(days=4000))
    second = Letters(tmp_path)
    seen.append(second.new_validity())
    assert seen == sorted(set(seen))


def test_a_damaged_counter_starts_from_the_clock(tmp_path: Path) -> None:
    """A broken file is no reason not to serve letters."""
    (tmp_path / "uidvalidity").write_text("not a number")
    assert Letters(tmp_path).new_validity() > 1_700_000_000


def test_a_path_that_is_no_folder_is_named(tmp_path: Path) -> None:
    """One sentence with the folder."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Permanent, match="file"):
        Letters(tmp_path / "file")


def test_there_are_a_dozen_samples_each_with_a_file_and_a_title() -> None:
    """Every file is in the list and every title has a file."""
    folder = Path("consultant/local/samples")
    files = {path.stem for path in (Path(__file__).parents[3] / folder).glob("*.eml")}
    assert files == set(TITLES)
    assert len(samples()) >= 12
    assert len({each.title for each in samples()}) == len(samples())


@pytest.mark.parametrize("key", list(TITLES))
def test_a_sample_becomes_a_letter_of_its_sender(key: str) -> None:
    """Addresses are the sender's own, every letter has its own Message-ID, and line ends are CRLF."""
    chosen = sample(key)
    first, second = (chosen.letter("me@practice.localhost", "desk@consultant.localhost") for _ in range(2))
    assert b"From: Testa Sampleton <me@practice.localhost>\r\n" in first
    assert b"To: desk@consultant.localhost\r\n" in first
    assert first.count(b"Message-ID:") == first.count(b"Date:") == 1
    assert message_id(first) != message_id(second)
    assert b"\n" not in first.replace(b"\r\n", b"")
    assert "\r" not in chosen.text


def test_another_text_keeps_the_kind_of_letter_and_its_attachment() -> None:
    """Editing a sample changes its words only."""
    html = sample("html-only").letter("me@x.example", "desk@x.example", "<p>Other wörds</p>")
    assert b"Content-Type: text/html" in html
    attached = sample("attachment").letter("me@x.example", "desk@x.example", "Other words")
    assert b"Other words" in attached
    assert b"op-note.txt" in attached
    assert b"Which code, and" not in attached


def test_an_unknown_sample_is_a_key_error() -> None:
    """No sample is made up."""
    with pytest.raises(KeyError):
        sample("nothing")


def message_id(raw: bytes) -> bytes:
    return raw.split(b"Message-ID: ")[1].split(b"\r\n")[0]
