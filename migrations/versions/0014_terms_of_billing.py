"""Customers who are exempt from taxes, and the terms of a ticket"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

EXEMPT = 'NOT tax_exempt OR tax_exempt_number IS NOT NULL'
FLAGS = ('return_replaced_parts', 'shop_supplies_waived')


def upgrade():
    with altered('customers') as batch_op:
        batch_op.add_column(sa.Column('tax_exempt', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('tax_exempt_number', sa.String(length=60), nullable=True))
        batch_op.create_check_constraint(op.f('ck_customers_tax_exempt_number_fits'), 'length(tax_exempt_number) <= 60')
        batch_op.create_check_constraint(op.f('ck_customers_exempt_by_number'), EXEMPT)
    with altered('service_tickets') as batch_op:
        batch_op.add_column(sa.Column('customer_po', sa.String(length=60), nullable=True))
        batch_op.create_check_constraint(op.f('ck_service_tickets_customer_po_fits'), 'length(customer_po) <= 60')
        for name in FLAGS:
            batch_op.add_column(sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    with altered('service_tickets') as batch_op:
        for name in FLAGS:
            batch_op.drop_column(name)
        batch_op.drop_constraint(op.f('ck_service_tickets_customer_po_fits'), type_='check')
        batch_op.drop_column('customer_po')
    with altered('customers') as batch_op:
        for name in ('exempt_by_number', 'tax_exempt_number_fits'):
            batch_op.drop_constraint(op.f(f'ck_customers_{name}'), type_='check')
        batch_op.drop_column('tax_exempt_number')
        batch_op.drop_column('tax_exempt')
