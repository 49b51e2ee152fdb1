"""Jobs, and lines of every kind instead of used parts alone"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

SAME = (
    *('id', 'ticket_id', 'part_id', 'unit_cost_cents', 'markup_bps', 'unit_price_cents', 'warranty_months'),
    *('installed_by_mechanic_id', 'used_at'),
)
tickets = sa.table('service_tickets', *map(sa.column, ('id', 'problem_description', 'opened_at')))
parts = sa.table('parts', *map(sa.column, ('id', 'name', 'part_number')))
jobs = sa.table('jobs', *map(sa.column, ('id', 'ticket_id', 'position', 'name', 'created_at')))
used = sa.table('ticket_parts', *map(sa.column, (*SAME, 'quantity_used')))
NEW = (
    *('job_id', 'kind', 'position', 'name', 'taxable', 'part_number', 'condition', 'core_charge_cents'),
    *('cores_returned', 'quantity'),
)
lines = sa.table('ticket_lines', *map(sa.column, (*SAME, *NEW)))
movements = sa.table('stock_movements', sa.column('line_id'))
entries = sa.table('audit_entries', sa.column('entity'))


def upgrade():
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=True),
    sa.Column('cause', sa.String(length=1000), nullable=True),
    sa.Column('correction', sa.String(length=1000), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(cause) <= 1000', name=op.f('ck_jobs_cause_fits')),
    sa.CheckConstraint('length(correction) <= 1000', name=op.f('ck_jobs_correction_fits')),
    sa.CheckConstraint('length(name) <= 120', name=op.f('ck_jobs_name_fits')),
    sa.CheckConstraint('length(note) <= 1000', name=op.f('ck_jobs_note_fits')),
    sa.CheckConstraint('position BETWEEN 0 AND 10000', name=op.f('ck_jobs_position_in_range')),
    sa.ForeignKeyConstraint(['ticket_id'], ['service_tickets.id'], name=op.f('fk_jobs_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_ticket_id_position_id', ['ticket_id', 'position', 'id'], unique=False)

    op.create_table('ticket_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('labor', 'part', 'sublet', 'fee', 'discount', name='kind_is_known', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('taxable', sa.Boolean(), nullable=False),
    sa.Column('discount_bps', sa.Integer(), nullable=True),
    sa.Column('discount_cents', sa.Integer(), nullable=True),
    sa.Column('applies_to', sa.Enum('all', 'labor', 'part', name='applies_to_is_known', native_enum=False, create_constraint=True, length=20), nullable=True),
    sa.Column('billed_minutes', sa.Integer(), nullable=True),
    sa.Column('rate_cents', sa.Integer(), nullable=True),
    sa.Column('flat_price_cents', sa.Integer(), nullable=True),
    sa.Column('mechanic_id', sa.Integer(), nullable=True),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('unit_price_cents', sa.Integer(), nullable=True),
    sa.Column('unit_cost_cents', sa.Integer(), nullable=True),
    sa.Column('markup_bps', sa.BigInteger(), nullable=True),
    sa.Column('price_source', sa.Enum('catalog', 'manual', 'markup', 'matrix', name='price_source_is_known', native_enum=False, create_constraint=True, length=20), nullable=True),
    sa.Column('supplier', sa.String(length=120), nullable=True),
    sa.Column('part_id', sa.Integer(), nullable=True),
    sa.Column('part_number', sa.String(length=60), nullable=True),
    sa.Column('condition', sa.Enum('new', 'used', 'rebuilt', 'reconditioned', 'oem_crash', 'non_oem_crash', name='condition_is_known', native_enum=False, create_constraint=True, length=20), nullable=True),
    sa.Column('core_charge_cents', sa.Integer(), nullable=True),
    sa.Column('cores_returned', sa.BigInteger(), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('installed_by_mechanic_id', sa.Integer(), nullable=True),
    sa.Column('warranty_months', sa.Integer(), nullable=True),
    sa.Column('warranty_distance', sa.Integer(), nullable=True),
    sa.CheckConstraint("job_id IS NOT NULL OR kind = 'discount'", name=op.f('ck_ticket_lines_charge_is_of_a_job')),
    sa.CheckConstraint("kind <> 'labor' OR (billed_minutes IS NOT NULL AND rate_cents IS NOT NULL)", name=op.f('ck_ticket_lines_labor_has_its_time')),
    sa.CheckConstraint("kind = 'fee' OR unit_price_cents >= 0", name=op.f('ck_ticket_lines_only_a_fee_is_negative')),
    sa.CheckConstraint("kind IN ('labor', 'discount') OR (quantity IS NOT NULL AND unit_price_cents IS NOT NULL)", name=op.f('ck_ticket_lines_goods_have_a_price')),
    sa.CheckConstraint('billed_minutes BETWEEN 0 AND 100000', name=op.f('ck_ticket_lines_billed_minutes_in_range')),
    sa.CheckConstraint('core_charge_cents BETWEEN 0 AND 100000000', name=op.f('ck_ticket_lines_core_charge_cents_in_range')),
    sa.CheckConstraint('cores_returned BETWEEN 0 AND 1000000', name=op.f('ck_ticket_lines_cores_returned_in_range')),
    sa.CheckConstraint('discount_bps BETWEEN 0 AND 10000', name=op.f('ck_ticket_lines_discount_bps_in_range')),
    sa.CheckConstraint('discount_bps IS NULL OR discount_cents IS NULL', name=op.f('ck_ticket_lines_discount_is_of_one_kind')),
    sa.CheckConstraint('discount_cents BETWEEN 0 AND 100000000', name=op.f('ck_ticket_lines_discount_cents_in_range')),
    sa.CheckConstraint('flat_price_cents BETWEEN 0 AND 100000000', name=op.f('ck_ticket_lines_flat_price_cents_in_range')),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_ticket_lines_name_fits')),
    sa.CheckConstraint('length(part_number) <= 60', name=op.f('ck_ticket_lines_part_number_fits')),
    sa.CheckConstraint('length(supplier) <= 120', name=op.f('ck_ticket_lines_supplier_fits')),
    sa.CheckConstraint('position BETWEEN 0 AND 10000', name=op.f('ck_ticket_lines_position_in_range')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 1000000', name=op.f('ck_ticket_lines_quantity_in_range')),
    sa.CheckConstraint('rate_cents BETWEEN 0 AND 1000000', name=op.f('ck_ticket_lines_rate_cents_in_range')),
    sa.CheckConstraint('unit_cost_cents BETWEEN 0 AND 100000000', name=op.f('ck_ticket_lines_unit_cost_cents_in_range')),
    sa.CheckConstraint('unit_price_cents BETWEEN -100000000 AND 1100000000', name=op.f('ck_ticket_lines_unit_price_cents_in_range')),
    sa.CheckConstraint("kind <> 'discount' OR discount_bps IS NOT NULL OR discount_cents IS NOT NULL", name=op.f('ck_ticket_lines_discount_takes_off')),
    sa.CheckConstraint('used_at IS NULL OR part_id IS NOT NULL', name=op.f('ck_ticket_lines_used_from_stock')),
    sa.CheckConstraint('warranty_distance BETWEEN 0 AND 1000000', name=op.f('ck_ticket_lines_warranty_distance_in_range')),
    sa.CheckConstraint('warranty_months BETWEEN 0 AND 1200', name=op.f('ck_ticket_lines_warranty_months_in_range')),
    sa.ForeignKeyConstraint(['installed_by_mechanic_id'], ['mechanics.id'], name=op.f('fk_ticket_lines_installed_by_mechanic_id')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_ticket_lines_job_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mechanic_id'], ['mechanics.id'], name=op.f('fk_ticket_lines_mechanic_id')),
    sa.ForeignKeyConstraint(['part_id'], ['parts.id'], name=op.f('fk_ticket_lines_part_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['service_tickets.id'], name=op.f('fk_ticket_lines_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_lines')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('ticket_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_lines_installed_by_mechanic_id'), ['installed_by_mechanic_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_lines_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_lines_mechanic_id'), ['mechanic_id'], unique=False)
        batch_op.create_index('ix_ticket_lines_part_id_id', ['part_id', 'id'], unique=False)
        batch_op.create_index('ix_ticket_lines_ticket_id_part_id', ['ticket_id', 'part_id'], unique=False)


    one_line = sa.func.substr(without_breaks(tickets.c.problem_description), 1, 120)
    begun = sa.select(tickets.c.id, sa.literal(1), sa.func.coalesce(sa.func.nullif(sa.func.trim(one_line), ''), 'Work'), tickets.c.opened_at)
    op.execute(sa.insert(jobs).from_select(['ticket_id', 'position', 'name', 'created_at'], begun.order_by(tickets.c.id)))
    new = {
        'job_id': jobs.c.id,
        'kind': sa.literal('part'),
        'position': sa.func.row_number().over(partition_by=used.c.ticket_id, order_by=used.c.id),
        'name': parts.c.name,
        'taxable': sa.true(),
        'part_number': parts.c.part_number,
        'condition': sa.literal('new'),
        'core_charge_cents': sa.literal(0),
        'cores_returned': sa.literal(0),
        'quantity': used.c.quantity_used,
    }
    found = (
        sa.select(*(used.c[name] for name in SAME), *new.values())
        .join(jobs, jobs.c.ticket_id == used.c.ticket_id)
        .join(parts, parts.c.id == used.c.part_id)
    )
    op.execute(sa.insert(lines).from_select([*SAME, *new], found))
    move_movements('ticket_lines')
    go_on_counting('ticket_parts', 'ticket_lines')
    op.drop_table('ticket_parts')
    op.execute(sa.update(entries).where(entries.c.entity == 'ticket_part').values(entity='ticket_line'))


def downgrade():
    """Only the used parts stay: there was no place for other lines."""
    op.create_table(
        'ticket_parts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('ticket_id', sa.Integer(), nullable=False),
        sa.Column('part_id', sa.Integer(), nullable=False),
        sa.Column('quantity_used', sa.BigInteger(), nullable=False),
        sa.Column('unit_cost_cents', sa.Integer(), nullable=False),
        sa.Column('markup_bps', sa.BigInteger(), nullable=True),
        sa.Column('unit_price_cents', sa.Integer(), nullable=False),
        sa.Column('warranty_months', sa.Integer(), nullable=True),
        sa.Column('installed_by_mechanic_id', sa.Integer(), nullable=True),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('quantity_used BETWEEN 1 AND 1000000', name=op.f('ck_ticket_parts_quantity_used_in_range')),
        sa.CheckConstraint('unit_cost_cents BETWEEN 0 AND 100000000', name=op.f('ck_ticket_parts_unit_cost_cents_in_range')),
        sa.CheckConstraint('unit_price_cents BETWEEN 0 AND 1100000000', name=op.f('ck_ticket_parts_unit_price_cents_in_range')),
        sa.CheckConstraint('warranty_months BETWEEN 0 AND 1200', name=op.f('ck_ticket_parts_warranty_months_in_range')),
        sa.ForeignKeyConstraint(['installed_by_mechanic_id'], ['mechanics.id'], name=op.f('fk_ticket_parts_installed_by_mechanic_id')),
        sa.ForeignKeyConstraint(['part_id'], ['parts.id'], name=op.f('fk_ticket_parts_part_id')),
        sa.ForeignKeyConstraint(['ticket_id'], ['service_tickets.id'], name=op.f('fk_ticket_parts_ticket_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_parts')),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table('ticket_parts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_parts_installed_by_mechanic_id'), ['installed_by_mechanic_id'], unique=False)
        batch_op.create_index('ix_ticket_parts_ticket_id_part_id', ['ticket_id', 'part_id'], unique=False)
        batch_op.create_index('ix_ticket_parts_part_id_id', ['part_id', 'id'], unique=False)
    found = sa.select(*(lines.c[name] for name in SAME), lines.c.quantity).where(
        lines.c.kind == 'part',
        lines.c.used_at.is_not(None),
        *(lines.c[name].is_not(None) for name in ('quantity', 'unit_cost_cents', 'unit_price_cents')),
    )
    op.execute(sa.insert(used).from_select([*SAME, 'quantity_used'], found))
    op.execute(sa.update(movements).where(movements.c.line_id.not_in(sa.select(used.c.id))).values(line_id=None))
    move_movements('ticket_parts')
    go_on_counting('ticket_lines', 'ticket_parts')
    op.drop_table('ticket_lines')
    op.drop_table('jobs')
    op.execute(sa.update(entries).where(entries.c.entity == 'ticket_line').values(entity='ticket_part'))


def without_breaks(text):
    for sign in '\n\r\t':
        text = sa.func.replace(text, sign, ' ')
    return text


def move_movements(table):
    with altered('stock_movements') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_stock_movements_line_id'), type_='foreignkey')
        batch_op.create_foreign_key(
            batch_op.f('fk_stock_movements_line_id'), table, ['line_id'], ['id'], ondelete='SET NULL'
        )


def go_on_counting(before, after):
    """Let ids of the new table begin after all that the old one ever gave."""
    connection = op.get_bind()
    if connection.dialect.name == 'postgresql':
        last = f"SELECT last_value, is_called FROM {before}_id_seq"
        op.execute(f"SELECT setval('{after}_id_seq', last_value, is_called) FROM ({last}) AS given")
        return
    op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{after}'")
    op.execute(
        f"INSERT INTO sqlite_sequence (name, seq) SELECT '{after}', seq FROM sqlite_sequence WHERE name = '{before}'"
    )
