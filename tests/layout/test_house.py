"""The house stands as docs/architecture.md says: sizes, docstrings, queues, and files that operators copy."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from consultant.settings import load

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path
    for room in ("consultant", "workers", "knowledge")
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts
)


def functions(path):
    return [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_small_and_says_what_its_room_is_for(path):
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)), "a module opens with a docstring"
    assert len(text.splitlines()) <= 350, "a module stays under 350 lines"


def test_nine_functions_of_ten_are_under_thirty_lines():
    lengths = sorted(node.end_lineno - node.lineno + 1 for path in MODULES for node in functions(path))
    assert lengths[int(len(lengths) * 0.9)] < 30


def test_every_queue_has_a_worker_and_every_task_a_caller():
    from workers import tasks
    from workers.app import QUEUES, app

    del tasks
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    routes = {name: route["queue"] for name, route in app.conf.task_routes.items()}
    assert set(routes) == ours
    assert set(routes.values()) == set(QUEUES) == set(app.conf.task_queues)
    nudged = set(re.findall(r'_ring\("([a-z.]+)"', (ROOT / "workers/nudge.py").read_text()))
    ticked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert nudged | ticked == ours
    # The production worker takes every queue where it is not told which, and the embedded one all that are declared.
    serving = (ROOT / "consultant/cli/serving.py").read_text()
    assert "if queues else list(QUEUES)" in serving
    assert "--queues={','.join(chosen)}" in serving


def test_what_only_rings_loads_nothing_of_the_engine():
    program = (
        "import sys, workers.app as made\n"
        "made.app.Beat(quiet=True).init_loader()\n"
        "print([name for name in sys.modules if name.startswith(('consultant.questions', 'consultant.evidence'))])"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_tasks_are_five_line_doors():
    for node in functions(ROOT / "workers/tasks.py"):
        if any("task" in ast.unparse(decorator) for decorator in node.decorator_list):
            assert node.end_lineno - node.lineno <= 4, node.name


def test_compose_fits_the_schema_and_names_only_what_it_declares():
    result = subprocess.run(
        [ROOT / ".venv/bin/check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / "compose.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    compose = YAML(typ="safe").load(ROOT / "compose.yaml")
    declared = set(compose["services"])
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", {})) <= declared, name
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source.startswith(".") or source in compose["volumes"], f"{name}: {volume}"


def test_the_commands_that_compose_runs_exist():
    from typer.main import get_command

    from consultant.cli import app

    commands = set(get_command(app).commands)
    compose = YAML(typ="safe").load(ROOT / "compose.yaml")
    for name, service in compose["services"].items():
        if service.get("image") == "consultant":
            assert service["command"][0] in commands, name


def test_the_example_configuration_is_valid():
    settings = load(ROOT / "consultant.example.toml")
    assert settings.accounts[0].imap.tls == "implicit"
    assert settings.web.secure


def test_the_example_of_a_language_model_is_valid_once_it_is_taken_in(tmp_path):
    text = (ROOT / "consultant.example.toml").read_text()
    block = re.search(r"^# \[model\]\n(?:# .*\n)+", text, re.M)[0]
    (tmp_path / "desk.toml").write_text(text.replace(block, re.sub(r"^# ", "", block, flags=re.M)))
    assert load(tmp_path / "desk.toml").model.timeout_seconds == 15
    assert load(ROOT / "consultant.example.toml").model is None


def test_every_command_that_the_readme_names_exists():
    from typer.main import get_command

    from consultant.cli import app

    root = get_command(app)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text()
        for name in re.findall(r"`make ([a-z-]+)", text):
            assert name in targets, f"{page.name}: make {name}"
        for words in re.findall(r"`consultant ([a-z][a-z ]*)", text):
            command = root
            for word in words.split():
                if not hasattr(command, "commands"):
                    break
                assert word in command.commands, f"{page.name}: consultant {words}"
                command = command.commands[word]


def test_links_between_the_documents_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target and not target.startswith("mailto:"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_locks_hold_hashes_and_no_addresses():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index-url", text), lock.name


def test_the_locked_dependencies_are_those_of_the_project():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = (ROOT / "requirements/service.txt").read_text().lower()
    for requirement in wanted:
        name = re.sub(r"[-_.]+", "-", re.split(r"[\[>=<]", requirement)[0].lower())
        assert re.search(rf"^{re.escape(name)}(\[[^\]]*\])?==", locked, re.M), name
