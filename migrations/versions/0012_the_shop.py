"""The settings of the shop, one row"""

from datetime import datetime, timezone

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    shop = op.create_table(
        'shop',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('address_lines', sa.JSON(), nullable=False),
        sa.Column('phone', sa.String(length=40), nullable=True),
        sa.Column('email', sa.String(length=254), nullable=True),
        sa.Column('website', sa.String(length=200), nullable=True),
        sa.Column('registration_number', sa.String(length=60), nullable=True),
        sa.Column('tax_number', sa.String(length=60), nullable=True),
        sa.Column('distance_unit', sa.Enum('mi', 'km', name='distance_unit_is_known', native_enum=False, create_constraint=True, length=20), nullable=False),
        sa.Column('labor_rate_cents', sa.Integer(), nullable=False),
        sa.Column('taxes', sa.JSON(), nullable=False),
        sa.Column('shop_supplies', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('markup_matrix', sa.JSON(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('id = 1', name=op.f('ck_shop_one_row')),
        sa.CheckConstraint('labor_rate_cents BETWEEN 0 AND 1000000', name=op.f('ck_shop_labor_rate_cents_in_range')),
        sa.CheckConstraint('length(email) <= 254', name=op.f('ck_shop_email_fits')),
        sa.CheckConstraint('length(name) <= 120', name=op.f('ck_shop_name_fits')),
        sa.CheckConstraint('length(phone) <= 40', name=op.f('ck_shop_phone_fits')),
        sa.CheckConstraint('length(registration_number) <= 60', name=op.f('ck_shop_registration_number_fits')),
        sa.CheckConstraint('length(tax_number) <= 60', name=op.f('ck_shop_tax_number_fits')),
        sa.CheckConstraint('length(website) <= 200', name=op.f('ck_shop_website_fits')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_shop')),
    )
    op.bulk_insert(
        shop,
        [
            {
                'id': 1,
                'name': 'Mechanic Shop',
                'address_lines': [],
                'distance_unit': 'mi',
                'labor_rate_cents': 0,
                'taxes': [],
                'markup_matrix': [],
                'version': 1,
                'updated_at': datetime.now(timezone.utc),
            }
        ],
    )


def downgrade():
    op.drop_table('shop')
