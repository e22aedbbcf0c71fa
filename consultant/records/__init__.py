"""The case store. SQLAlchemy lives only here."""
