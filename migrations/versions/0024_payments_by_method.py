"""Payments by method"""

from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_payments_method_id', 'payments', ['method', 'id'])
    op.create_index('ix_payments_method_received_at_id', 'payments', ['method', 'received_at', 'id'])


def downgrade():
    op.drop_index('ix_payments_method_received_at_id', table_name='payments')
    op.drop_index('ix_payments_method_id', table_name='payments')
