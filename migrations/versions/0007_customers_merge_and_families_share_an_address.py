"""Customers merge, families share an e-mail address, and mechanics need none"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    with altered('customers') as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.drop_constraint('uq_customers_email', type_='unique')
        batch_op.create_foreign_key(batch_op.f('fk_customers_merged_into_id'), 'customers', ['merged_into_id'], ['id'])
        batch_op.create_check_constraint(op.f('ck_customers_merged_into_another'), 'merged_into_id <> id')
        batch_op.create_index(batch_op.f('ix_customers_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_customers_merged_into_id'), ['merged_into_id'], unique=False)

    with altered('mechanics') as batch_op:
        batch_op.alter_column('email', existing_type=sa.String(length=254), nullable=True)


def downgrade():
    """Of those who share an address, whoever signs in with it keeps it, or else the first of them.

    Merged records are erased ones, which were the only empty ones, and mechanics get an address of no use.
    """
    op.execute("UPDATE mechanics SET email = 'mechanic-' || id || '@example.invalid' WHERE email IS NULL")
    op.execute(
        'UPDATE customers SET email = NULL WHERE email IS NOT NULL AND account_id IS NULL AND EXISTS ('
        ' SELECT 1 FROM customers AS another WHERE another.email = customers.email AND another.id <> customers.id'
        ' AND (another.account_id IS NOT NULL OR another.id < customers.id))'
    )
    op.execute('UPDATE customers SET erased_at = updated_at WHERE merged_into_id IS NOT NULL AND erased_at IS NULL')
    with altered('mechanics') as batch_op:
        batch_op.alter_column('email', existing_type=sa.String(length=254), nullable=False)

    with altered('customers') as batch_op:
        batch_op.drop_index(batch_op.f('ix_customers_merged_into_id'))
        batch_op.drop_index(batch_op.f('ix_customers_email'))
        batch_op.drop_constraint(op.f('ck_customers_merged_into_another'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_customers_merged_into_id'), type_='foreignkey')
        batch_op.create_unique_constraint('uq_customers_email', ['email'])
        batch_op.drop_column('merged_into_id')
