"""Lists, searches and rankings by index"""

import re

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

# What is searched, by the number that stands for it; app/models/search.py as it was on this day.
SEARCHED = {
    'customers': {'name': 1, 'email': 2, 'phone': 3},
    'vehicles': {'vin': 10, 'license_plate': 11, 'make': 12, 'model': 13},
    'mechanics': {'name': 20, 'specialty': 21, 'email': 22, 'phone': 23},
    'parts': {'part_number': 30, 'name': 31, 'description': 32, 'manufacturer': 33},
    'service_tickets': {'problem_description': 40},
}
LONGEST = 40
AT_ONCE = 1000
WORKLOADS = """
INSERT INTO workloads (mechanic_id, ticket_count, completed_count)
SELECT mechanics.id, count(service_tickets.id),
    count(CASE WHEN status IN ('ready', 'invoiced', 'closed') THEN 1 END)
FROM mechanics
LEFT JOIN assignments ON assignments.mechanic_id = mechanics.id
LEFT JOIN service_tickets ON service_tickets.id = assignments.ticket_id
GROUP BY mechanics.id
"""


def upgrade():
    op.create_table('search_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('field', sa.SmallInteger(), nullable=False),
    sa.Column('word', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(word) <= 40', name=op.f('ck_search_words_word_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_words'))
    )
    op.create_table('renamings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_renamings'))
    )
    op.execute('INSERT INTO renamings (id, count) VALUES (1, 0)')
    op.create_table('workloads',
    sa.Column('mechanic_id', sa.Integer(), nullable=False),
    sa.Column('ticket_count', sa.Integer(), nullable=False),
    sa.Column('completed_count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['mechanic_id'], ['mechanics.id'], name=op.f('fk_workloads_mechanic_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('mechanic_id', name=op.f('pk_workloads'))
    )
    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignments_mechanic_id'))
        batch_op.create_index('ix_assignments_mechanic_id_id', ['mechanic_id', 'id'], unique=False)

    with op.batch_alter_table('customers', schema=None) as batch_op:
        batch_op.create_index('ix_customers_created_at_id', ['created_at', 'id'], unique=False)
        batch_op.create_index('ix_customers_name_id', ['name', 'id'], unique=False)

    with op.batch_alter_table('parts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_parts_category'))
        batch_op.create_index('ix_parts_category_id', ['category', 'id'], unique=False)
        batch_op.create_index('ix_parts_low_stock', ['id'], unique=False, sqlite_where=sa.text('quantity_in_stock <= reorder_level AND retired_at IS NULL'), postgresql_where=sa.text('quantity_in_stock <= reorder_level AND retired_at IS NULL'))
        batch_op.create_index('ix_parts_name_id', ['name', 'id'], unique=False)

    with op.batch_alter_table('service_tickets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_tickets_customer_id'))
        batch_op.drop_index(batch_op.f('ix_service_tickets_opened_at'))
        batch_op.drop_index(batch_op.f('ix_service_tickets_status'))
        batch_op.drop_index(batch_op.f('ix_service_tickets_vehicle_id'))
        batch_op.create_index('ix_service_tickets_customer_id_opened_at_id', ['customer_id', 'opened_at', 'id'], unique=False)
        batch_op.create_index('ix_service_tickets_opened_at_id', ['opened_at', 'id'], unique=False)
        batch_op.create_index('ix_service_tickets_priority_id', ['priority', 'id'], unique=False)
        batch_op.create_index('ix_service_tickets_priority_opened_at_id', ['priority', 'opened_at', 'id'], unique=False)
        batch_op.create_index('ix_service_tickets_status_id', ['status', 'id'], unique=False)
        batch_op.create_index('ix_service_tickets_status_opened_at_id', ['status', 'opened_at', 'id'], unique=False)
        batch_op.create_index('ix_service_tickets_vehicle_id_opened_at_id', ['vehicle_id', 'opened_at', 'id'], unique=False)

    with op.batch_alter_table('ticket_parts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_parts_part_id'))
        batch_op.create_index('ix_ticket_parts_part_id_id', ['part_id', 'id'], unique=False)

    with op.batch_alter_table('vehicles', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vehicles_customer_id'))
        batch_op.drop_index(batch_op.f('ix_vehicles_license_plate'))
        batch_op.create_index('ix_vehicles_created_at_id', ['created_at', 'id'], unique=False)
        batch_op.create_index('ix_vehicles_customer_id_id', ['customer_id', 'id'], unique=False)


    op.execute(WORKLOADS)
    for table, fields in SEARCHED.items():
        fill(table, fields)
    with op.batch_alter_table('search_words', schema=None) as batch_op:
        batch_op.create_index('ix_search_words_field_word_row_id', ['field', 'word', 'row_id'], unique=False)
        batch_op.create_index('ix_search_words_row_id_field', ['row_id', 'field'], unique=False)


def fill(table, fields):
    """The words of the rows that are there, so many rows at a time; their index comes when they are in."""
    words = sa.table('search_words', *(sa.column(name) for name in ('field', 'word', 'row_id')))
    texts = sa.table(table, sa.column('id'), *(sa.column(name) for name in fields))
    connection, last = op.get_bind(), 0
    while True:
        some = sa.select(texts).where(texts.c.id > last).order_by(texts.c.id).limit(AT_ONCE)
        rows = connection.execute(some).mappings().all()
        if not rows:
            return
        last = rows[-1]['id']
        found = [
            {'field': field, 'word': word, 'row_id': row['id']}
            for row in rows
            for name, field in fields.items()
            for word in sorted(words_of(row[name]))
        ]
        if found:
            connection.execute(sa.insert(words), found)


def words_of(text):
    plain = ' '.join((text or '').lower().split())
    found = {plain[at.start() : at.start() + LONGEST] for at in re.finditer(r'\w+', plain)}
    if len(plain) == 17 and plain.isalnum():
        found |= {plain[-n:] for n in range(4, 9)}
    if found and len(plain) <= LONGEST:
        found.add(plain)
        if re.fullmatch(r'(?=.*\d)[\w .()+/-]+', plain):
            found.add(re.sub(r'\W+', '', plain))
    return found


def downgrade():
    with op.batch_alter_table('vehicles', schema=None) as batch_op:
        batch_op.drop_index('ix_vehicles_customer_id_id')
        batch_op.drop_index('ix_vehicles_created_at_id')
        batch_op.create_index(batch_op.f('ix_vehicles_license_plate'), ['license_plate'], unique=False)
        batch_op.create_index(batch_op.f('ix_vehicles_customer_id'), ['customer_id'], unique=False)

    with op.batch_alter_table('ticket_parts', schema=None) as batch_op:
        batch_op.drop_index('ix_ticket_parts_part_id_id')
        batch_op.create_index(batch_op.f('ix_ticket_parts_part_id'), ['part_id'], unique=False)

    with op.batch_alter_table('service_tickets', schema=None) as batch_op:
        batch_op.drop_index('ix_service_tickets_vehicle_id_opened_at_id')
        batch_op.drop_index('ix_service_tickets_status_opened_at_id')
        batch_op.drop_index('ix_service_tickets_status_id')
        batch_op.drop_index('ix_service_tickets_priority_opened_at_id')
        batch_op.drop_index('ix_service_tickets_priority_id')
        batch_op.drop_index('ix_service_tickets_opened_at_id')
        batch_op.drop_index('ix_service_tickets_customer_id_opened_at_id')
        batch_op.create_index(batch_op.f('ix_service_tickets_vehicle_id'), ['vehicle_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_tickets_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_tickets_opened_at'), ['opened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_tickets_customer_id'), ['customer_id'], unique=False)

    with op.batch_alter_table('parts', schema=None) as batch_op:
        batch_op.drop_index('ix_parts_name_id')
        batch_op.drop_index('ix_parts_low_stock', sqlite_where=sa.text('quantity_in_stock <= reorder_level AND retired_at IS NULL'), postgresql_where=sa.text('quantity_in_stock <= reorder_level AND retired_at IS NULL'))
        batch_op.drop_index('ix_parts_category_id')
        batch_op.create_index(batch_op.f('ix_parts_category'), ['category'], unique=False)

    with op.batch_alter_table('customers', schema=None) as batch_op:
        batch_op.drop_index('ix_customers_name_id')
        batch_op.drop_index('ix_customers_created_at_id')

    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.drop_index('ix_assignments_mechanic_id_id')
        batch_op.create_index(batch_op.f('ix_assignments_mechanic_id'), ['mechanic_id'], unique=False)

    op.drop_table('workloads')
    op.drop_table('renamings')
    with op.batch_alter_table('search_words', schema=None) as batch_op:
        batch_op.drop_index('ix_search_words_row_id_field')
        batch_op.drop_index('ix_search_words_field_word_row_id')

    op.drop_table('search_words')
