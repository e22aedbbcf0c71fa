"""Accounts that log in by OAuth 2: a local authorization server, and a Dovecot that takes XOAUTH2 and nothing else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from consultant.accounts import Account
from consultant.bootstrap import mailbox, token_of
from consultant.errors import Transient
from consultant.mail.ports import AuthenticationFailed
from consultant.privacy.vault import Vault
from consultant.records import tokens as held
from consultant.records.store import Store
from consultant.tokens import Tokens, endings
from tests.authorization_server import CLIENT, SECRET, Authority, authority
from tests.builders import NOW, Watch
from tests.servers import HOST, Dovecot


def account(at: Authority, port: int = 1, **oauth: object) -> Account:
    settings = {"token_url": f"{at.url}/token", "client_id": CLIENT, "client_secret": SECRET}
    settings |= {"refresh_token": "first-refresh-token"} | oauth
    server = {"host": HOST, "port": port, "tls": "none", "username": at.user}
    return Account.model_validate(
        {"name": "main", "address": at.user, "imap": server, "smtp": server, "oauth": settings}
    )


@pytest.fixture
def at() -> Iterator[Authority]:
    with authority() as running:
        yield running


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def tokens(store: Store, clock: Watch) -> Tokens:
    return Tokens(store, Vault([b"k" * 32]), clock)


def row(store: Store) -> held.Held:
    with store.read() as tx:
        found = held.held(tx, "main")
    assert found is not None
    return found


def test_a_token_is_asked_for_once_and_used_until_it_ends(at: Authority, tokens: Tokens, clock: Watch) -> None:
    first = tokens.access(account(at))
    assert tokens.access(account(at)) == first
    clock.advance(minutes=59)
    assert tokens.access(account(at)) != first
    assert at.granted == 2


def test_an_application_may_log_in_for_itself(at: Authority, tokens: Tokens) -> None:
    """Microsoft 365 calls the grant client credentials; there is no refresh token then."""
    assert tokens.access(account(at, grant="client_credentials", refresh_token="")) in at.access


def test_an_exchanged_refresh_token_is_kept_before_its_access_token_is_used(
    at: Authority, store: Store, tokens: Tokens, clock: Watch
) -> None:
    """A process that dies right after still leaves a token that the server takes."""
    at.exchanges = True
    tokens.access(account(at))
    clock.advance(hours=2)
    Tokens(store, Vault([b"k" * 32]), clock).access(account(at))
    assert at.offered_dead == 0
    assert at.granted == 2


def test_two_processes_never_offer_the_same_refresh_token(at: Authority, store: Store, clock: Watch) -> None:
    """The second waits for what the first gets."""
    at.exchanges, at.delay = True, 0.5
    got: list[str] = []

    def ask() -> None:
        got.append(Tokens(store, Vault([b"k" * 32]), clock).access(account(at)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 1
    assert (at.granted, at.offered_dead) == (1, 0)


def test_nothing_is_kept_in_the_clear(at: Authority, store: Store, tokens: Tokens, tmp_path: Path) -> None:
    at.exchanges = True
    access = tokens.access(account(at))
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert access.encode() not in kept
    assert at.refresh.encode() not in kept


def test_a_dead_token_is_refused_loudly_and_a_new_one_in_the_settings_begins_anew(
    at: Authority, store: Store, tokens: Tokens, clock: Watch
) -> None:
    at.refresh = "another"
    with pytest.raises(AuthenticationFailed, match="authorize the desk again") as refused:
        tokens.access(account(at))
    assert "first-refresh-token" not in str(refused.value)
    (said,) = endings([account(at)], [row(store)], clock())
    assert said.dead
    tokens.access(account(at, refresh_token="another"))
    assert endings([account(at)], [row(store)], clock()) == ()


def test_a_token_that_ends_is_told_days_ahead(at: Authority, store: Store, tokens: Tokens) -> None:
    ending = account(at, refresh_token_days=90)
    tokens.access(ending)
    assert endings([ending], [row(store)], NOW + timedelta(days=82)) == ()
    (said,) = endings([ending], [row(store)], NOW + timedelta(days=84))
    assert not said.dead
    assert f"{NOW + timedelta(days=90):%Y-%m-%d}" in said.sentence
    (late,) = endings([ending], [row(store)], NOW + timedelta(days=91))
    assert late.dead


@pytest.mark.parametrize(
    "answer",
    [
        (503, b"busy"),
        (200, b"<html>an error page</html>"),
        (200, b"{}"),
        (200, b"[]"),
        (400, b'{"error": "temporarily_unavailable"}'),
    ],
)
def test_a_server_that_is_away_is_asked_again_later(at: Authority, tokens: Tokens, answer: tuple[int, bytes]) -> None:
    """No word of its page is repeated, and the turn is given back."""
    at.answer = answer
    with pytest.raises(Transient) as away:
        tokens.access(account(at))
    assert "html" not in str(away.value)
    at.answer = None
    assert tokens.access(account(at)) in at.access


def test_nobody_answers_on_the_port(at: Authority, tokens: Tokens) -> None:
    with pytest.raises(Transient, match="could not be asked"):
        tokens.access(account(at, token_url="http://127.0.0.1:9/token"))


@contextmanager
def dovecot(at: Authority) -> Iterator[Dovecot]:
    if missing := Dovecot.missing():
        pytest.skip(missing)
    with Dovecot(introspection=f"{at.url}/introspect") as running:
        yield running


def test_the_mailbox_is_opened_with_an_access_token(at: Authority, tokens: Tokens) -> None:
    with dovecot(at) as server:
        reads = account(at, server.port)
        with mailbox(partial(token_of, tokens), reads, "INBOX") as box:
            assert box.folder.name == "INBOX"


def test_a_token_that_the_mail_server_does_not_know_is_refused_without_being_told(
    at: Authority, tokens: Tokens
) -> None:
    with dovecot(at) as server:
        access = tokens.access(account(at, server.port))
        at.access.clear()
        with (
            pytest.raises(AuthenticationFailed) as refused,
            mailbox(partial(token_of, tokens), account(at, server.port), "INBOX"),
        ):
            pass
    assert access not in str(refused.value)
