"""Settings: a wrong key stops start-up with its name and what was expected."""

import pytest

from consultant.settings import ConfigurationError, load


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(tmp_path, text):
    path = tmp_path / "desk.toml"
    path.write_text(text)
    return path


ACCOUNT = """
[[accounts]]
name = "main"
address = "desk@desk.example"
imap = { host = "imap.desk.example", port = 993 }
smtp = { host = "smtp.desk.example" }
"""


def test_nothing_is_needed_for_the_defaults():
    settings = load()
    assert settings.database_url.startswith("sqlite:///")
    assert settings.all_accounts() == ()


def test_the_file_is_read_and_the_environment_wins(tmp_path, monkeypatch):
    path = write(tmp_path, "[web]\nport = 9001\nhost = '127.0.0.2'\n")
    monkeypatch.setenv("CONSULTANT_WEB__PORT", "9002")
    web = load(path).web
    assert (web.host, web.port) == ("127.0.0.2", 9002)


def test_a_file_beside_the_start_is_found(tmp_path):
    (tmp_path / "consultant.toml").write_text("[desk]\nname = 'Here'\n")
    assert load().desk.name == "Here"


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("[web]\nport = 'ninety'", "web.port", "valid integer"),
        ("[web]\nprot = 1", "web.prot", "no such key"),
        ("[desk]\ntime_zone = 'Mars/Olympus'", "desk.time_zone", "America/Chicago"),
        ("[[accounts]]\nname = 'main'", "accounts.0.address", "a value is required"),
        (ACCOUNT + ACCOUNT, "accounts", "a name of its own"),
        (ACCOUNT.replace('host = "imap', 'tls = "ssl", host = "imap'), "accounts.0.imap.tls", "implicit"),
        ("web = [", "desk.toml", "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, key, expected):
    with pytest.raises(ConfigurationError) as caught:
        load(write(tmp_path, text))
    assert key in str(caught.value)
    assert expected in str(caught.value)


def test_a_named_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml does not exist"):
        load(tmp_path / "nowhere.toml")


def test_a_password_is_not_shown(tmp_path):
    settings = load(write(tmp_path, ACCOUNT.replace("port = 993", "port = 993, password = 'a-secret'")))
    assert "a-secret" not in repr(settings)


MODEL = "[model]\nurl = 'https://models.desk.example/v1/'\nmodel = 'small'\nkey = 'sk-secret'\n"


def test_a_language_model_is_off_unless_it_is_configured(tmp_path):
    assert load().model is None
    model = load(write(tmp_path, MODEL)).model
    assert (model.url, model.host) == ("https://models.desk.example/v1", "models.desk.example")
    assert "sk-secret" not in repr(model)


def test_the_key_of_a_model_may_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CONSULTANT_MODEL__KEY", "sk-other")
    assert load(write(tmp_path, MODEL)).model.key.get_secret_value() == "sk-other"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_a_model_on_this_machine_may_be_asked_in_the_clear(tmp_path, host):
    assert load(write(tmp_path, f"[model]\nurl = 'http://{host}/v1'\nmodel = 'small'\n")).model.host == host


@pytest.mark.parametrize(
    ("was", "becomes", "key", "expected"),
    [
        ("https:", "http:", "model.url", "plain http is allowed on 127.0.0.1, ::1 and localhost only"),
        ("https:", "ftp:", "model.url", "such as https://models.example.org/v1"),
        ("https://models.desk.example/v1/", "models.desk.example", "model.url", "such as https://"),
        ("https://models", "https://name:sk-secret@models", "model.url", "without a login in it"),
        ("/v1/", "/v1?key=sk-secret", "model.url", "such as https://"),
        ("example/v1", "example:99999/v1", "model.url", "such as https://"),
        ("'small'", "''", "model.model", "at least 1 character"),
        ("model = 'small'", "", "model.model", "a value is required"),
        ("key =", "timeout_seconds = 31\nkey =", "model.timeout_seconds", "less than or equal to 30"),
        ("key =", "timeout_seconds = 0\nkey =", "model.timeout_seconds", "greater than or equal to 1"),
        ("key =", "temperature = 1\nkey =", "model.temperature", "no such key"),
    ],
)
def test_what_is_wrong_with_a_model_is_said_without_its_key(tmp_path, was, becomes, key, expected):
    with pytest.raises(ConfigurationError) as caught:
        load(write(tmp_path, MODEL.replace(was, becomes, 1)))
    assert key in str(caught.value)
    assert expected in str(caught.value)
    assert "sk-secret" not in str(caught.value)


def test_a_model_never_outlasts_the_lease_of_its_case():
    from consultant.records.cases import LEASE

    slowest = load(given={"model": {"url": "https://models.desk.example", "model": "small", "timeout_seconds": 30}})
    assert slowest.model.timeout_seconds + 10 < LEASE.total_seconds()


def test_the_embedded_server_is_an_account_like_any_other():
    (account,) = load(given={"local": {}}).all_accounts()
    assert account.imap.host == account.smtp.host == "127.0.0.1"
    assert account.imap.tls == "none"
