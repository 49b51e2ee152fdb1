"""Payments"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('payments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('amount_cents', sa.BigInteger(), nullable=False),
    sa.Column('refunds_payment_id', sa.Integer(), nullable=True),
    sa.Column('method', sa.Enum('cash', 'card', 'check', 'transfer', 'other', name='method_is_known', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(amount_cents < 0) = (refunds_payment_id IS NOT NULL)', name=op.f('ck_payments_refund_is_of_a_payment')),
    sa.CheckConstraint('amount_cents <> 0', name=op.f('ck_payments_some_money')),
    sa.CheckConstraint('length(note) <= 200', name=op.f('ck_payments_note_fits')),
    sa.CheckConstraint('length(reference) <= 80', name=op.f('ck_payments_reference_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_payments_account_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_payments_customer_id')),
    sa.ForeignKeyConstraint(['refunds_payment_id'], ['payments.id'], name=op.f('fk_payments_refunds_payment_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['service_tickets.id'], name=op.f('fk_payments_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payments')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_payments_account_id'), 'payments', ['account_id'])
    op.create_index('ix_payments_customer_id_received_at_id', 'payments', ['customer_id', 'received_at', 'id'])
    op.create_index('ix_payments_received_at_id', 'payments', ['received_at', 'id'])
    op.create_index(op.f('ix_payments_refunds_payment_id'), 'payments', ['refunds_payment_id'])
    op.create_index('ix_payments_ticket_id_id', 'payments', ['ticket_id', 'id'])
    with altered('service_tickets') as batch_op:
        batch_op.add_column(sa.Column('paid_cents', sa.BigInteger(), server_default='0', nullable=False))


def downgrade():
    with altered('service_tickets') as batch_op:
        batch_op.drop_column('paid_cents')
    op.drop_table('payments')
