"""`python -m consultant` is `consultant`."""

from consultant.cli import app

if __name__ == "__main__":
    app()
