"""`consultant users`: who may log in at the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.table import Table

from consultant.cli.base import Config, app, fail, out, sentences, settings_of
from consultant.privacy.passwords import SHORTEST, hash_password, random_password
from consultant.records import people
from consultant.records.store import Store, Tx

users = typer.Typer(help="Who may log in at the desk.", no_args_is_help=True)
app.add_typer(users, name="users")

Login = Annotated[str, typer.Argument(help="The name that the reviewer logs in with.")]
AskPassword = Annotated[bool, typer.Option("--ask", help="Type the password instead of having a random one made.")]


@contextmanager
def _changing(config: Config) -> Iterator[Tx]:
    store = Store(settings_of(config).database_url)
    with sentences():
        store.check()
        with store.begin() as tx:
            yield tx


def _password(*, ask: bool) -> str:
    if not ask:
        return random_password()
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < SHORTEST:
        fail(f"The password has {len(password)} characters; at least {SHORTEST} are needed.")
    return password


@users.command("add")
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="The name that stands under answers.", prompt=True)],
    credential: Annotated[str, typer.Option(help="Such as CPC or CCS; stands beside the name.")] = "",
    ask: AskPassword = False,
    config: Config = None,
) -> None:
    """Add a reviewer and print the password, once."""
    from consultant import clock

    password = _password(ask=ask)
    with _changing(config) as tx:
        if people.by_login(tx, login) is not None:
            fail(f"There is a reviewer {login} already; `consultant users passwd {login}` sets a new password.")
        people.add(
            tx,
            login=login,
            name=name,
            credential=credential,
            password_hash=hash_password(password),
            now=clock.now(),
        )
    out.print(f"Added {login}." if ask else f"Added {login}. Password, shown once: {password}", markup=False)


@users.command("passwd")
def passwd(login: Login, ask: AskPassword = False, config: Config = None) -> None:
    """Set a new password, print it once, and end the reviewer's sessions."""
    password = _password(ask=ask)
    with _changing(config) as tx:
        people.set_password(tx, _known(tx, login), hash_password(password))
    out.print("The password is changed." if ask else f"New password, shown once: {password}", markup=False)


@users.command("off")
def off(login: Login, config: Config = None) -> None:
    """Shut a reviewer out; what he decided stays."""
    with _changing(config) as tx:
        people.set_active(tx, _known(tx, login), active=False)
    out.print(f"{login} can no longer log in.", markup=False)


@users.command("on")
def on(login: Login, config: Config = None) -> None:
    """Let a reviewer in again."""
    with _changing(config) as tx:
        people.set_active(tx, _known(tx, login), active=True)
    out.print(f"{login} can log in again.", markup=False)


@users.command("list")
def list_users(config: Config = None) -> None:
    """List the reviewers."""
    with _changing(config) as tx:
        everyone = people.everyone(tx)
    table = Table("Login", "Name", "Credential", "May log in")
    for person in everyone:
        table.add_row(person.login, person.name, person.credential, "yes" if person.active else "no")
    out.print(table)


def _known(tx: Tx, login: str) -> int:
    person = people.by_login(tx, login)
    if person is None:
        fail(f"There is no reviewer {login}; `consultant users list` shows those there are.")
    return person.id
