"""How alembic runs the steps in `versions/`: on the connection it is handed, inside the transaction that is already open."""

from __future__ import annotations

from alembic import context

from tabletop.store.tables import Table

with context.config.attributes["connection"].connect() as connection:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
