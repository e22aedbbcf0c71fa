"""Alembic's entry: runs the migrations on the connection that `Store.migrate` hands over."""

from alembic import context

from consultant.records.account_tables import Heartbeat
from consultant.records.precedent_tables import Precedent

# One description holds all tables; it is whole once the module that adds the last of them is imported.
METADATA = Precedent.metadata
assert METADATA is Heartbeat.metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
