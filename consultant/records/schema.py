"""The schema of the case store: which version there is, which one is wanted, and the way from one to the other."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"


def wanted() -> str:
    """Return the version that this code works with: the number that the newest migration's file begins with."""
    return max(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def found(connection: Connection) -> str | None:
    """Return the version of a database; None where it holds none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def config() -> "Config":
    """Return what Alembic has to know to find the migrations."""
    # Alembic takes 11 MB and a quarter of a second, and a process in service never migrates.
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_MIGRATIONS))
    return made


def migrate(connection: Connection) -> None:
    """Bring a database to the wanted version."""
    from alembic import command

    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
