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


def test_the_embedded_server_is_an_account_like_any_other():
    (account,) = load(given={"local": {}}).all_accounts()
    assert account.imap.host == account.smtp.host == "127.0.0.1"
    assert account.imap.tls == "none"
