"""Which network address a session was begun at"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('address', sa.String(length=64), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_sessions_address_fits'), 'length(address) <= 64')


def downgrade():
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_sessions_address_fits'), type_='check')
        batch_op.drop_column('address')
