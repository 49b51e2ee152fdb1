"""What clients send: an address of mechanics, e-mail addresses in one form, parts by what is on the shelf"""

import idna
import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

BATCH = 1000
IN_CATALOGUE = sa.text('retired_at IS NULL')


def upgrade():
    with altered('mechanics') as batch_op:
        batch_op.add_column(sa.Column('address', sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_mechanics_address_fits'), 'length(address) <= 200')
    op.create_index(
        'ix_parts_quantity_in_stock_id',
        'parts',
        ['quantity_in_stock', 'id'],
        sqlite_where=IN_CATALOGUE,
        postgresql_where=IN_CATALOGUE,
    )
    for table in ('accounts', 'customers', 'mechanics'):
        _write_addresses_in_ascii(sa.table(table, sa.column('id', sa.Integer), sa.column('email', sa.String)))


def downgrade():
    op.drop_index('ix_parts_quantity_in_stock_id', table_name='parts')
    with altered('mechanics') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_mechanics_address_fits'), type_='check')
        batch_op.drop_column('address')


def _write_addresses_in_ascii(table):
    """An internationalised domain as mail servers know it; where both forms are on file, each stays."""
    connection, last = op.get_bind(), 0
    while True:
        rows = connection.execute(
            sa.select(table.c.id, table.c.email).where(table.c.id > last).order_by(table.c.id).limit(BATCH)
        ).all()
        for row_id, email in rows:
            plain = _in_ascii(email)
            taken = sa.select(table.c.id).where(table.c.email == plain)
            if plain != email and len(plain) <= 254 and connection.execute(taken).first() is None:
                connection.execute(sa.update(table).where(table.c.id == row_id).values(email=plain))
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def _in_ascii(email):
    if email is None or email.isascii():
        return email
    name, at, domain = email.rpartition('@')
    try:
        return name + at + idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return email
