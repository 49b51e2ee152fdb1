"""Quantities in hundredths, units, and part numbers and categories as they are compared"""

import sqlalchemy as sa
from alembic import op

from app.folding import same
from migrations.altering import altered

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

UNITS = ('each', 'quart', 'liter', 'foot', 'meter', 'pound', 'kilogram', 'hour')
# Every quantity: {table: {column: (CHECK before, CHECK after)}}.
QUANTITIES = {
    'parts': {
        'quantity_in_stock': ('BETWEEN 0 AND 1000000000', 'BETWEEN 0 AND 100000000000'),
        'reorder_level': ('BETWEEN 0 AND 1000000000', 'BETWEEN 0 AND 100000000000'),
    },
    'stock_movements': {'quantity': (None, None)},
    'ticket_parts': {'quantity_used': ('BETWEEN 1 AND 10000', 'BETWEEN 1 AND 1000000')},
}
EACH_IS_WHOLE = "unit <> 'each' OR (" + ' AND '.join(f'{name} / 100 * 100 = {name}' for name in QUANTITIES['parts']) + ')'
IN_CATALOGUE = sa.text('retired_at IS NULL')
KEY = sa.String(length=1080)
AT_ONCE = 1000
parts = sa.table('parts', *(sa.column(name) for name in ('id', 'part_number', 'part_number_key', 'category', 'category_key', 'retired_at')))


def upgrade():
    for table, columns in QUANTITIES.items():
        with altered(table) as batch_op:
            for name, (before, after) in columns.items():
                ranged(batch_op, table, name, before, after)
                batch_op.alter_column(name, existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)
        op.execute(f'UPDATE {table} SET ' + ', '.join(f'{name} = {name} * 100' for name in columns))
    with altered('parts') as batch_op:
        batch_op.add_column(sa.Column('unit', sa.Enum(*UNITS, name='unit_is_known', native_enum=False, length=20), nullable=False, server_default='each'))
        batch_op.add_column(sa.Column('part_number_key', KEY, nullable=False, server_default=''))
        batch_op.add_column(sa.Column('category_key', KEY, nullable=True))
        batch_op.drop_index('uq_parts_part_number')
        batch_op.drop_index('ix_parts_category_id')
    fill_keys()
    with altered('parts') as batch_op:
        batch_op.alter_column('unit', server_default=None)
        batch_op.alter_column('part_number_key', server_default=None)
        batch_op.create_check_constraint(op.f('ck_parts_unit_is_known'), f'unit IN {UNITS}')
        batch_op.create_check_constraint(op.f('ck_parts_each_is_whole'), EACH_IS_WHOLE)
        for name in ('part_number_key', 'category_key'):
            batch_op.create_check_constraint(op.f(f'ck_parts_{name}_fits'), f'length({name}) <= {KEY.length}')
        batch_op.create_index('uq_parts_part_number_key', ['part_number_key'], unique=True, sqlite_where=IN_CATALOGUE, postgresql_where=IN_CATALOGUE)
        batch_op.create_index('ix_parts_part_number_id', ['part_number', 'id'])
        batch_op.create_index('ix_parts_category_key_id', ['category_key', 'id'])


def ranged(batch_op, table, name, before, after):
    if before:
        batch_op.drop_constraint(op.f(f'ck_{table}_{name}_in_range'), type_='check')
        batch_op.create_check_constraint(op.f(f'ck_{table}_{name}_in_range'), f'{name} {after}')


def fill_keys():
    """Where two part numbers of the catalogue are one by now, the later part stays beside the first.

    Its key gets its id behind two spaces, which no number that is typed can have. Its number stays.
    """
    connection, last, taken = op.get_bind(), 0, {}
    while rows := connection.execute(sa.select(parts).where(parts.c.id > last).order_by(parts.c.id).limit(AT_ONCE)).mappings().all():
        last = rows[-1]['id']
        for row in rows:
            key = same(row['part_number'])
            if row['retired_at'] is None and taken.setdefault(key, row['id']) != row['id']:
                print(f"Part {row['id']} has the number of part {taken[key]}, written in another way: {row['part_number']!r}.")
                key = f"{key}  {row['id']}"
            category = row['category'] and same(row['category'])
            keys = {'part_number_key': key, 'category_key': category}
            connection.execute(sa.update(parts).where(parts.c.id == row['id']).values(keys))


def downgrade():
    must_be_whole()
    with altered('parts') as batch_op:
        batch_op.drop_index('ix_parts_category_key_id')
        batch_op.drop_index('ix_parts_part_number_id')
        batch_op.drop_index('uq_parts_part_number_key', sqlite_where=IN_CATALOGUE, postgresql_where=IN_CATALOGUE)
        for name in ('unit_is_known', 'each_is_whole', 'part_number_key_fits', 'category_key_fits'):
            batch_op.drop_constraint(op.f(f'ck_parts_{name}'), type_='check')
        for name in ('unit', 'part_number_key', 'category_key'):
            batch_op.drop_column(name)
        batch_op.create_index('uq_parts_part_number', ['part_number'], unique=True, sqlite_where=IN_CATALOGUE, postgresql_where=IN_CATALOGUE)
        batch_op.create_index('ix_parts_category_id', ['category', 'id'])
    for table, columns in QUANTITIES.items():
        op.execute(f'UPDATE {table} SET ' + ', '.join(f'{name} = {name} / 100' for name in columns))
        with altered(table) as batch_op:
            for name, (before, after) in columns.items():
                ranged(batch_op, table, name, after, before)
                batch_op.alter_column(name, existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False)


def must_be_whole():
    """Earlier schemas know no fractions, and to round them would part the shelf from its ledger."""
    for table, columns in QUANTITIES.items():
        for name in columns:
            fractions = op.get_bind().scalar(sa.text(f'SELECT count(*) FROM {table} WHERE {name} / 100 * 100 <> {name}'))
            if fractions:
                raise RuntimeError(f'{fractions} rows of {table} have a {name} with decimals, which earlier schemas cannot keep.')
