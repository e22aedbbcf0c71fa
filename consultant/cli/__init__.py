"""The command line. Heavy rooms are imported inside the commands that need them, so that `--help` is instant."""

from consultant.cli import asking, knowing, operating, people, releases, serving
from consultant.cli.base import app

# Importing a module registers its commands.
__all__ = ["app", "asking", "knowing", "operating", "people", "releases", "serving"]
