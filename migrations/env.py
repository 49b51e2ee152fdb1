"""Alembic the Flask way: the application's own engine and metadata, SQLite and PostgreSQL alike."""

import click
from alembic import context
from flask import current_app
from sqlalchemy import TypeDecorator, text

extension = current_app.extensions["migrate"]
ONE_AT_A_TIME = 5_318_008


def rendered(kind, item, _context):
    """Write our own column types as the plain ones that keep them, so that history needs no app."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def only_if_changed(context, _revision, directives):
    wanted = getattr(context.config.cmd_opts, "autogenerate", False)
    if wanted and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def is_asked_for():
    """Whether somebody typed a command that migrates, and waits to be told."""
    command = click.get_current_context(silent=True)
    return command is not None and command.info_name in ("upgrade", "downgrade", "open-shop")


def told(step, **_):
    if is_asked_for():
        way = "up to" if step.is_upgrade else "back before"
        click.echo(f"  {way} {step.up_revision_id}: {step.up_revision.doc}")


def told_at_last(before, after):
    """Say where the database is now, also if that is where it was."""
    if is_asked_for():
        where = extension.db.engine.url.render_as_string(hide_password=True)
        done = "has this schema already" if before == after else "has this schema now"
        click.echo(f"{where} {done}: {after or 'none'}.")


options = extension.configure_args | {
    "on_version_apply": told,
    "target_metadata": extension.db.metadata,
    "process_revision_directives": only_if_changed,
    "render_item": rendered,
}


def online():
    with extension.db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A batch operation drops and re-creates its table: with foreign keys on, that DROP
            # deletes the rows of every ON DELETE CASCADE child. Outside a transaction only.
            connection.connection.execute("PRAGMA foreign_keys=OFF")
            # Of several at once, one migrates and the others wait, and then find nothing to do.
            connection.connection.execute("PRAGMA busy_timeout=60000")
            connection = connection.execution_options(writes=True)
        try:
            context.configure(connection=connection, transactional_ddl=True, **options)
            with context.begin_transaction():
                if not sqlite:
                    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
                    connection.execute(text("SET LOCAL statement_timeout = 0"))
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
                before = context.get_context().get_current_revision()
                context.run_migrations()
                after = context.get_context().get_current_revision()
                if sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise RuntimeError(f"The migration breaks foreign keys: {broken[:5]}")
        finally:
            if sqlite:
                connection.rollback()
                connection.connection.execute("PRAGMA foreign_keys=ON")
                connection.connection.execute("PRAGMA busy_timeout=5000")
    told_at_last(before, after)


def offline():
    context.configure(url=extension.db.engine.url, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
