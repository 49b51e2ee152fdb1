"""Whether the shop has checked e-mail addresses and VINs"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    for table, name in (('customers', 'email_verified'), ('vehicles', 'vin_verified')):
        with altered(table) as batch_op:
            batch_op.add_column(sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    # Of customers who do not sign in, the shop took down both.
    customers = sa.table('customers', *map(sa.column, ('id', 'email', 'account_id', 'email_verified')))
    vehicles = sa.table('vehicles', *map(sa.column, ('customer_id', 'vin', 'vin_verified')))
    taken_in = sa.select(customers.c.id).where(customers.c.account_id.is_(None))
    op.execute(
        sa.update(customers)
        .where(customers.c.id.in_(taken_in), customers.c.email.is_not(None))
        .values(email_verified=sa.true())
    )
    op.execute(
        sa.update(vehicles)
        .where(vehicles.c.customer_id.in_(taken_in), vehicles.c.vin.is_not(None))
        .values(vin_verified=sa.true())
    )


def downgrade():
    for table, name in (('customers', 'email_verified'), ('vehicles', 'vin_verified')):
        with altered(table) as batch_op:
            batch_op.drop_column(name)
