"""Open invoices, and dates of decisions"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

OPEN = {'sqlite_where': sa.text('is_open = 1'), 'postgresql_where': sa.text('is_open')}


def upgrade():
    with altered('invoices') as batch_op:
        batch_op.add_column(sa.Column('is_open', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint(op.f('ck_invoices_void_is_not_open'), 'voided_at IS NULL OR NOT is_open')
    op.execute(
        """
        UPDATE invoices SET is_open = true
        WHERE voided_at IS NULL AND total_cents - credited_cents > (
            SELECT paid_cents FROM service_tickets WHERE service_tickets.id = ticket_id
        )
        """
    )
    for name, columns in (
        ('ix_invoices_open_due_on_id', ['due_on', 'id']),
        ('ix_invoices_open_customer_id_due_on_id', ['customer_id', 'due_on', 'id']),
    ):
        op.create_index(name, 'invoices', columns, **OPEN)
    op.create_index('ix_authorizations_at_id', 'authorizations', ['at', 'id'])


def downgrade():
    op.drop_index('ix_authorizations_at_id', table_name='authorizations')
    op.drop_index('ix_invoices_open_customer_id_due_on_id', table_name='invoices')
    op.drop_index('ix_invoices_open_due_on_id', table_name='invoices')
    with altered('invoices') as batch_op:
        batch_op.drop_constraint(op.f('ck_invoices_void_is_not_open'), type_='check')
        batch_op.drop_column('is_open')
