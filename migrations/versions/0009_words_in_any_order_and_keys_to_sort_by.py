"""Words in any order, and keys to sort by"""

import re
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from flask import current_app

from app.folding import sort_key
from app.words import LONGEST, bare, phones_in, words, words_of_phones, words_of_vin
from migrations.altering import altered

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

KEYS = {
    'customers': ['name'],
    'vehicles': ['license_plate'],
    'mechanics': ['name'],
    'parts': ['name', 'part_number'],
}
INDEXED_BEFORE = {'customers': ['name'], 'parts': ['name', 'part_number']}
LAST_TEXT, LAST_MOMENT = '\x7f', datetime(9999, 12, 31, tzinfo=UTC)
KEY = sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql')
AT_ONCE = 1000


def phone(text):
    return words_of_phones(text, current_app.config['COUNTRY'])


def whole(text):
    return {run} if 0 < len(run := bare(text)) <= LONGEST else set()


def whole_phone(text):
    return whole(text) | phones_in(text, current_app.config['COUNTRY'])


# What is searched, by the number of the kind of words; app/models/search.py as it was on this day.
SEARCHED = {
    'customers': {
        1: {'name': words, 'email': words, 'phone': phone},
        101: {'email': whole, 'phone': whole_phone},
    },
    'vehicles': {
        10: {'vin': words_of_vin},
        110: {'vin': whole},
        11: {'license_plate': words},
        111: {'license_plate': whole},
        12: {'make': words, 'model': words, 'year': words},
    },
    'mechanics': {
        20: {'name': words, 'specialty': words},
        21: {'email': words, 'phone': phone},
        121: {'email': whole, 'phone': whole_phone},
    },
    'parts': {
        30: dict.fromkeys(['part_number', 'name', 'description', 'manufacturer', 'category'], words),
        130: {'part_number': whole},
    },
    'service_tickets': {40: {'problem_description': words, 'kept_vin': words_of_vin}},
}
# The same in app/models/search.py before.
SEARCHED_BEFORE = {
    'customers': {'name': 1, 'email': 2, 'phone': 3},
    'vehicles': {'vin': 10, 'license_plate': 11, 'make': 12, 'model': 13},
    'mechanics': {'name': 20, 'specialty': 21, 'email': 22, 'phone': 23},
    'parts': {'part_number': 30, 'name': 31, 'description': 32, 'manufacturer': 33},
    'service_tickets': {'problem_description': 40},
}


def upgrade():
    op.drop_table('search_words')
    op.create_table('search_terms',
    sa.Column('kind', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('word', WORD, nullable=False),
    sa.Column('row_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.CheckConstraint('length(word) <= 40', name=op.f('ck_search_terms_word_fits')),
    sa.PrimaryKeyConstraint('kind', 'word', 'row_id', name=op.f('pk_search_terms')),
    sqlite_with_rowid=False
    )
    for table, fields in SEARCHED.items():
        names = sorted({name for derived in fields.values() for name in derived})
        for row in each_row(table, names):
            put('search_terms', [
                {'kind': kind, 'word': word, 'row_id': row['id']}
                for kind, derived in fields.items()
                for word in sorted({
                    word
                    for name, derive in derived.items()
                    if row[name] is not None
                    for word in derive(str(row[name]))
                })
            ])
    put_all()
    op.create_index('ix_search_terms_row_id_kind_word', 'search_terms', ['row_id', 'kind', 'word'], unique=False)

    for table, names in KEYS.items():
        with altered(table) as batch_op:
            for name in names:
                batch_op.add_column(sa.Column(f'{name}_sort', KEY, nullable=True))
        fill_keys(table, names)
        with altered(table) as batch_op:
            for name in names:
                batch_op.alter_column(f'{name}_sort', existing_type=KEY, nullable=False)
                batch_op.create_check_constraint(batch_op.f(f'ck_{table}_{name}_sort_fits'), f'length({name}_sort) <= 200')
                batch_op.create_index(f'ix_{table}_{name}_sort_id', [f'{name}_sort', 'id'], unique=False)
            for name in INDEXED_BEFORE.get(table, ()):
                batch_op.drop_index(f'ix_{table}_{name}_id')

    with altered('service_tickets') as batch_op:
        batch_op.add_column(sa.Column('promised_at_sort', MOMENT, nullable=True))
    tickets = sa.table('service_tickets', sa.column('promised_at', MOMENT), sa.column('promised_at_sort', MOMENT))
    last = sa.literal(LAST_MOMENT, MOMENT)
    op.execute(sa.update(tickets).values(promised_at_sort=sa.func.coalesce(tickets.c.promised_at, last)))
    with altered('service_tickets') as batch_op:
        batch_op.alter_column('promised_at_sort', existing_type=MOMENT, nullable=False)
        batch_op.create_index('ix_service_tickets_promised_at_sort_id', ['promised_at_sort', 'id'], unique=False)
        batch_op.create_index('ix_service_tickets_service_date_id', ['service_date', 'id'], unique=False)


def each_row(name, columns):
    """The rows that are there, so many at a time."""
    table = sa.table(name, sa.column('id'), *(sa.column(each) for each in columns))
    last = 0
    while True:
        some = sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(AT_ONCE)
        rows = op.get_bind().execute(some).mappings().all()
        if not rows:
            return
        last = rows[-1]['id']
        yield from rows


waiting = []


def put(table, rows):
    waiting.extend(rows)
    if len(waiting) > 20 * AT_ONCE:
        put_all(table)


def put_all(table='search_terms'):
    if waiting:
        columns = [sa.column(name) for name in waiting[0]]
        op.get_bind().execute(sa.insert(sa.table(table, *columns)), waiting)
        waiting.clear()


def fill_keys(name, columns):
    keys = [f'{each}_sort' for each in columns]
    table = sa.table(name, sa.column('id'), *(sa.column(each) for each in keys))
    change = sa.update(table).where(table.c.id == sa.bindparam('row')).values({key: sa.bindparam(key) for key in keys})
    rows = []
    for row in each_row(name, columns):
        rows.append({'row': row['id']} | {
            f'{each}_sort': LAST_TEXT if row[each] is None else sort_key(row[each]) for each in columns
        })
        if len(rows) == AT_ONCE:
            op.get_bind().execute(change, rows)
            rows = []
    if rows:
        op.get_bind().execute(change, rows)


def words_before(text):
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
    with altered('service_tickets') as batch_op:
        batch_op.drop_index('ix_service_tickets_service_date_id')
        batch_op.drop_index('ix_service_tickets_promised_at_sort_id')
        batch_op.drop_column('promised_at_sort')

    for table, names in KEYS.items():
        with altered(table) as batch_op:
            for name in INDEXED_BEFORE.get(table, ()):
                batch_op.create_index(f'ix_{table}_{name}_id', [name, 'id'], unique=False)
            for name in names:
                batch_op.drop_index(f'ix_{table}_{name}_sort_id')
                batch_op.drop_constraint(batch_op.f(f'ck_{table}_{name}_sort_fits'), type_='check')
                batch_op.drop_column(f'{name}_sort')

    op.drop_table('search_terms')
    op.create_table('search_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('field', sa.SmallInteger(), nullable=False),
    sa.Column('word', WORD, nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(word) <= 40', name=op.f('ck_search_words_word_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_words'))
    )
    for table, fields in SEARCHED_BEFORE.items():
        for row in each_row(table, fields):
            put('search_words', [
                {'field': field, 'word': word, 'row_id': row['id']}
                for name, field in fields.items()
                for word in sorted(words_before(row[name]))
            ])
    put_all('search_words')
    with op.batch_alter_table('search_words', schema=None) as batch_op:
        batch_op.create_index('ix_search_words_field_word_row_id', ['field', 'word', 'row_id'], unique=False)
        batch_op.create_index('ix_search_words_row_id_field', ['row_id', 'field'], unique=False)
