"""Network addresses and families of sessions, and an id of the shop"""

import secrets

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
        batch_op.add_column(sa.Column('family_fingerprint', sa.String(length=64), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f('ck_sessions_family_fingerprint_fits'), 'length(family_fingerprint) <= 64'
        )
    shop = op.create_table(
        'shop_id',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_id')),
    )
    op.bulk_insert(shop, [{'id': secrets.token_hex(16)}])


def downgrade():
    op.drop_table('shop_id')
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_sessions_address_fits'), type_='check')
        batch_op.drop_column('address')
        batch_op.drop_constraint(batch_op.f('ck_sessions_family_fingerprint_fits'), type_='check')
        batch_op.drop_column('family_fingerprint')
