"""The command line as people and scripts use it."""

import json
import subprocess
import sys

import pytest

from tests.builders import CHIN, make_letter
from tests.processes import ROOT, consultant


@pytest.fixture
def folder(tmp_path, release_root):
    (tmp_path / "consultant.toml").write_text(f'knowledge_folder = "{release_root}"\n')
    return tmp_path


def test_draft_prints_one_object_for_a_letter(folder):
    (folder / "letter.eml").write_bytes(make_letter())
    result = consultant("draft", "--json", "letter.eml", cwd=folder)
    assert result.returncode == 0, result.stderr
    made = json.loads(result.stdout)
    assert made["outcome"] == "answer"
    assert made["lines"] == [{"system": "CPT", "code": "11441", "units": 1, "modifiers": [], "diagnoses": []}]
    assert made["date_of_service"] == "2026-03-02"
    assert made["date_assumed"] is False
    assert made["release"].startswith("20")
    assert made["claims"]
    for claim in made["claims"]:
        assert claim["citations"]
        assert set(claim["citations"]) <= set(made["citations"])
    assert set(made["citations"]["c1"]) == {"source", "section", "edition", "effective", "verified"}
    assert "Sampleton" not in result.stdout
    assert made["html"].startswith("<")
    assert 0 <= made["confidence"] <= 1


def test_draft_streams_json_lines_through_a_pipe(folder):
    process = subprocess.Popen(
        [sys.executable, "-m", "consultant", "draft", "--jsonl"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    try:
        for number in range(3):
            # Each answer comes before the next question is asked.
            process.stdin.write(json.dumps({"id": f"q{number}", "text": CHIN}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == f"q{number}"
        process.stdin.close()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def test_a_line_that_is_no_letter_costs_only_itself(folder):
    lines = [
        json.dumps({"id": "a", "text": CHIN}),
        '{"id": "b"}',
        "\udcff no json",
        json.dumps({"id": "c", "text": CHIN}),
    ]
    result = subprocess.run(
        [sys.executable, "-m", "consultant", "draft", "--jsonl"],
        cwd=folder,
        input="\n".join(lines).encode("utf-8", "surrogateescape"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in answers] == ["a", "b", None, "c"]
    assert [row.get("outcome") for row in answers] == ["answer", None, None, "answer"]
    assert "Line 2 of - is not a letter" in answers[1]["error"]
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr


def test_a_pipe_that_closes_early_leaves_no_trace(folder):
    (folder / "many.jsonl").write_text("".join(json.dumps({"id": n, "text": CHIN}) + "\n" for n in range(200)))
    command = f"{sys.executable} -m consultant draft --jsonl many.jsonl | head -n 1"
    result = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert json.loads(result.stdout)["id"] == "0"
    assert "Traceback" not in result.stderr


def test_draft_reads_plain_text_from_standard_input(folder):
    result = subprocess.run(
        [sys.executable, "-m", "consultant", "draft"],
        cwd=folder,
        input=CHIN,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0
    assert "11441" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("draft", "nowhere.eml"), "nowhere.eml cannot be read"),
        (("draft", "--jsonl", "bad.jsonl"), "Line 2 of bad.jsonl is not a letter"),
        (("knowledge", "show", "99999"), "holds nothing of 99999"),
        (("knowledge", "show", "11441", "--on", "yesterday"), "year-month-day was expected"),
        (("users", "passwd", "nobody"), "consultant migrate"),
        (("worker", "--queues", "outbox,mail"), "There is no queue 'mail'"),
    ],
)
def test_a_wrong_call_is_one_clear_sentence(folder, arguments, sentence):
    (folder / "bad.jsonl").write_text('{"id": "1", "text": "Is 11008 an add-on?"}\nnot json\n')
    result = consultant(*arguments, cwd=folder)
    assert result.returncode == 1
    assert sentence in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_the_knowledge_base_is_listed_shown_and_searched(folder):
    listed = consultant("knowledge", "list", cwd=folder).stdout
    for kind in ("ptp", "mue", "add_on", "fee", "icd10cm", "content"):
        assert kind in listed
    shown = consultant("knowledge", "show", "11441", "--on", "2026-03-02", cwd=folder).stdout
    assert "global 010" in shown
    assert "not the edition for this date" in shown
    found = consultant("knowledge", "search", "necrotizing infection of the perineum", cwd=folder).stdout
    assert "necrotizing_infection" in found


def test_reviewers_are_added_shut_out_and_given_passwords(folder):
    assert consultant("migrate", cwd=folder).returncode == 0
    added = consultant("users", "add", "riley", "--name", "Riley Reviewer", cwd=folder)
    assert added.returncode == 0, added.stderr
    assert "shown once" in added.stdout
    assert consultant("users", "add", "riley", "--name", "Again", cwd=folder).returncode == 1
    assert consultant("users", "passwd", "riley", cwd=folder).stdout != added.stdout
    assert consultant("users", "off", "riley", cwd=folder).returncode == 0
    assert "Riley Reviewer" in consultant("users", "list", cwd=folder).stdout


def test_keys_that_others_may_read_are_refused(folder):
    assert consultant("prepare", cwd=folder).returncode == 0
    key = folder / "var" / "keys" / "vault.key"
    key.chmod(0o644)
    result = consultant("check", cwd=folder)
    assert result.returncode == 1
    assert "chmod 600" in result.stderr


def test_a_certificate_is_made_for_a_trial_server(folder):
    result = consultant("certificate", "mail", "--into", "made", cwd=folder)
    assert result.returncode == 0, result.stderr
    assert (folder / "made" / "ca.pem").read_text().startswith("-----BEGIN CERTIFICATE-----")
    assert (folder / "made" / "server.p12").stat().st_size > 500


def test_help_is_there_without_loading_the_service():
    code = (
        "import sys, consultant.cli; print([name for name in ('celery', 'fastapi', 'tantivy') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
