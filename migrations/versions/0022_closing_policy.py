"""Closing policy"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade():
    with altered('shop', numbered=False) as batch_op:
        batch_op.add_column(sa.Column('closing_policy', sa.String(length=20), server_default='off', nullable=False))
        batch_op.create_check_constraint(op.f('ck_shop_closing_policy_is_known'), "closing_policy IN ('off', 'strict')")
    with altered('status_changes') as batch_op:
        batch_op.add_column(sa.Column('on_account', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    with altered('status_changes') as batch_op:
        batch_op.drop_column('on_account')
    with altered('shop', numbered=False) as batch_op:
        batch_op.drop_constraint(op.f('ck_shop_closing_policy_is_known'), type_='check')
        batch_op.drop_column('closing_policy')
