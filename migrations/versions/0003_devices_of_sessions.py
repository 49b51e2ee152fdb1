"""Which device a session was begun on"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('user_agent', sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_sessions_user_agent_fits'), 'length(user_agent) <= 200')


def downgrade():
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_sessions_user_agent_fits'), type_='check')
        batch_op.drop_column('user_agent')
