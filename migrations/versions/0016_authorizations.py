"""Decisions of customers on jobs, and the settings of the shop about them"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

DECISIONS = ('authorized', 'declined', 'deferred')
METHODS = ('in_person', 'phone', 'email', 'sms', 'account', 'link')


def known(name, *words, **column):
    kind = sa.Enum(*words, name=f'{name}_is_known', native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kind, **column)


def upgrade():
    with altered('jobs') as batch_op:
        batch_op.add_column(known('decision', *DECISIONS, nullable=True))
    op.create_table('authorizations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    known('method', *METHODS, nullable=False),
    sa.Column('authorized_by_name', sa.String(length=120), nullable=False),
    sa.Column('contact', sa.String(length=254), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.Column('authorized_total_cents', sa.BigInteger(), nullable=False),
    sa.Column('estimate', sa.JSON(), nullable=False),
    sa.Column('estimate_sha256', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(authorized_by_name) <= 120', name=op.f('ck_authorizations_authorized_by_name_fits')),
    sa.CheckConstraint('length(contact) <= 254', name=op.f('ck_authorizations_contact_fits')),
    sa.CheckConstraint('length(estimate_sha256) <= 64', name=op.f('ck_authorizations_estimate_sha256_fits')),
    sa.CheckConstraint('length(note) <= 500', name=op.f('ck_authorizations_note_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_authorizations_account_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['service_tickets.id'], name=op.f('fk_authorizations_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authorizations')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_authorizations_account_id'), 'authorizations', ['account_id'])
    op.create_index('ix_authorizations_ticket_id_id', 'authorizations', ['ticket_id', 'id'])
    op.create_table('decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authorization_id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    known('decision', *DECISIONS, nullable=False),
    sa.Column('price_cents', sa.BigInteger(), nullable=False),
    sa.Column('up_to_cents', sa.Integer(), nullable=True),
    sa.CheckConstraint("up_to_cents IS NULL OR (decision = 'authorized' AND up_to_cents >= price_cents)", name=op.f('ck_decisions_limit_is_of_an_authorization')),
    sa.CheckConstraint('length(name) <= 120', name=op.f('ck_decisions_name_fits')),
    sa.CheckConstraint('up_to_cents BETWEEN 0 AND 100000000', name=op.f('ck_decisions_up_to_cents_in_range')),
    sa.ForeignKeyConstraint(['authorization_id'], ['authorizations.id'], name=op.f('fk_decisions_authorization_id')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_decisions_job_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions')),
    sqlite_autoincrement=True
    )
    op.create_index('uq_decisions_authorization_id_job_id', 'decisions', ['authorization_id', 'job_id'], unique=True)
    op.create_index('ix_decisions_job_id_id', 'decisions', ['job_id', 'id'])
    with altered('shop', numbered=False) as batch_op:
        batch_op.add_column(sa.Column('labor_cost_rate_cents', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_shop_labor_cost_rate_cents_in_range'), 'labor_cost_rate_cents BETWEEN 0 AND 1000000')
        batch_op.add_column(sa.Column('time_zone', sa.String(length=40), server_default='UTC', nullable=False))
        batch_op.create_check_constraint(op.f('ck_shop_time_zone_fits'), 'length(time_zone) <= 40')
        batch_op.add_column(known('paper', 'letter', 'a4', server_default='letter', nullable=False))
        batch_op.add_column(known('authorization_policy', 'off', 'strict', server_default='off', nullable=False))
        batch_op.add_column(sa.Column('estimate_terms', sa.String(length=2000), nullable=True))
        batch_op.create_check_constraint(op.f('ck_shop_estimate_terms_fits'), 'length(estimate_terms) <= 2000')


def downgrade():
    with altered('shop', numbered=False) as batch_op:
        for name in ('labor_cost_rate_cents_in_range', 'time_zone_fits', 'estimate_terms_fits'):
            batch_op.drop_constraint(op.f(f'ck_shop_{name}'), type_='check')
        for name in ('paper', 'authorization_policy'):
            batch_op.drop_constraint(op.f(f'ck_shop_{name}_is_known'), type_='check')
        for name in ('labor_cost_rate_cents', 'time_zone', 'paper', 'authorization_policy', 'estimate_terms'):
            batch_op.drop_column(name)
    op.drop_table('decisions')
    op.drop_table('authorizations')
    with altered('jobs') as batch_op:
        batch_op.drop_constraint(op.f('ck_jobs_decision_is_known'), type_='check')
        batch_op.drop_column('decision')
