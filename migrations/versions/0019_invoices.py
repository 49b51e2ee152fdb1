"""Invoices"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('counters',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('length(name) <= 20', name=op.f('ck_counters_name_fits')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counters'))
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('invoice', 0), ('credit_note', 0)")
    op.create_table('invoices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('vehicle_id', sa.Integer(), nullable=True),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('subtotal_cents', sa.BigInteger(), nullable=False),
    sa.Column('tax_cents', sa.BigInteger(), nullable=False),
    sa.Column('total_cents', sa.BigInteger(), nullable=False),
    sa.Column('odometer_out', sa.Integer(), nullable=True),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('document_sha256', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(document_sha256) <= 64', name=op.f('ck_invoices_document_sha256_fits')),
    sa.CheckConstraint('length(number) <= 40', name=op.f('ck_invoices_number_fits')),
    sa.CheckConstraint('odometer_out BETWEEN 0 AND 9999999', name=op.f('ck_invoices_odometer_out_in_range')),
    sa.CheckConstraint('subtotal_cents BETWEEN -9007199254740991 AND 9007199254740991', name=op.f('ck_invoices_subtotal_cents_in_range')),
    sa.CheckConstraint('tax_cents BETWEEN -9007199254740991 AND 9007199254740991', name=op.f('ck_invoices_tax_cents_in_range')),
    sa.CheckConstraint('total_cents BETWEEN 0 AND 9007199254740991', name=op.f('ck_invoices_total_cents_in_range')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_invoices_account_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_invoices_customer_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['service_tickets.id'], name=op.f('fk_invoices_ticket_id')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicles.id'], name=op.f('fk_invoices_vehicle_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoices')),
    sa.UniqueConstraint('sequence', name=op.f('uq_invoices_sequence')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_invoices_account_id'), 'invoices', ['account_id'])
    op.create_index('ix_invoices_customer_id_issued_on_id', 'invoices', ['customer_id', 'issued_on', 'id'])
    op.create_index('ix_invoices_due_on_id', 'invoices', ['due_on', 'id'])
    op.create_index('ix_invoices_issued_on_id', 'invoices', ['issued_on', 'id'])
    op.create_index('ix_invoices_ticket_id_id', 'invoices', ['ticket_id', 'id'])
    op.create_index('ix_invoices_vehicle_id', 'invoices', ['vehicle_id'])
    op.create_index('uq_invoices_ticket_id', 'invoices', ['ticket_id'], unique=True, sqlite_where=sa.text('voided_at IS NULL'), postgresql_where=sa.text('voided_at IS NULL'))
    op.create_table('invoice_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invoice_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('labor', 'part', 'sublet', 'fee', 'core', 'shop_supplies', name='kind_is_known', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('line_id', sa.Integer(), nullable=True),
    sa.Column('part_id', sa.Integer(), nullable=True),
    sa.Column('mechanic_id', sa.Integer(), nullable=True),
    sa.Column('job_name', sa.String(length=120), nullable=True),
    sa.Column('name', sa.String(length=220), nullable=False),
    sa.Column('quantity_hundredths', sa.Integer(), nullable=True),
    sa.Column('billed_minutes', sa.Integer(), nullable=True),
    sa.Column('amount_cents', sa.BigInteger(), nullable=False),
    sa.Column('discount_cents', sa.BigInteger(), nullable=False),
    sa.Column('net_cents', sa.BigInteger(), nullable=False),
    sa.Column('tax_cents', sa.BigInteger(), nullable=False),
    sa.Column('cost_cents', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('length(job_name) <= 120', name=op.f('ck_invoice_lines_job_name_fits')),
    sa.CheckConstraint('length(name) <= 220', name=op.f('ck_invoice_lines_name_fits')),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name=op.f('fk_invoice_lines_invoice_id')),
    sa.ForeignKeyConstraint(['mechanic_id'], ['mechanics.id'], name=op.f('fk_invoice_lines_mechanic_id')),
    sa.ForeignKeyConstraint(['part_id'], ['parts.id'], name=op.f('fk_invoice_lines_part_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice_lines')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_invoice_lines_mechanic_id_id', 'invoice_lines', ['mechanic_id', 'id'])
    op.create_index('ix_invoice_lines_part_id_id', 'invoice_lines', ['part_id', 'id'])
    op.create_index('uq_invoice_lines_invoice_id_position', 'invoice_lines', ['invoice_id', 'position'], unique=True)
    op.create_table('invoice_line_taxes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invoice_line_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('millionths', sa.Integer(), nullable=False),
    sa.Column('tax_cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('length(name) <= 40', name=op.f('ck_invoice_line_taxes_name_fits')),
    sa.ForeignKeyConstraint(['invoice_line_id'], ['invoice_lines.id'], name=op.f('fk_invoice_line_taxes_invoice_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice_line_taxes')),
    sqlite_autoincrement=True
    )
    op.create_index('uq_invoice_line_taxes_invoice_line_id_position', 'invoice_line_taxes', ['invoice_line_id', 'position'], unique=True)
    with altered('customers') as batch_op:
        batch_op.add_column(sa.Column('payment_terms_days', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_customers_payment_terms_days_in_range'), 'payment_terms_days BETWEEN 0 AND 120')
    with altered('service_tickets') as batch_op:
        batch_op.add_column(sa.Column('invoiced_terms', sa.JSON(none_as_null=True), nullable=True))
    with altered('shop', numbered=False) as batch_op:
        batch_op.add_column(sa.Column('invoice_terms', sa.String(length=2000), nullable=True))
        batch_op.add_column(sa.Column('payment_terms_days', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('invoice_prefix', sa.String(length=20), server_default='INV-', nullable=False))
        batch_op.add_column(sa.Column('first_invoice_number', sa.Integer(), server_default='1', nullable=False))
        batch_op.create_check_constraint(op.f('ck_shop_invoice_terms_fits'), 'length(invoice_terms) <= 2000')
        batch_op.create_check_constraint(op.f('ck_shop_invoice_prefix_fits'), 'length(invoice_prefix) <= 20')
        batch_op.create_check_constraint(op.f('ck_shop_payment_terms_days_in_range'), 'payment_terms_days BETWEEN 0 AND 120')
        batch_op.create_check_constraint(op.f('ck_shop_first_invoice_number_in_range'), 'first_invoice_number BETWEEN 1 AND 1000000000')


def downgrade():
    with altered('shop', numbered=False) as batch_op:
        for name in ('first_invoice_number_in_range', 'payment_terms_days_in_range', 'invoice_prefix_fits', 'invoice_terms_fits'):
            batch_op.drop_constraint(op.f(f'ck_shop_{name}'), type_='check')
        for name in ('first_invoice_number', 'invoice_prefix', 'payment_terms_days', 'invoice_terms'):
            batch_op.drop_column(name)
    with altered('service_tickets') as batch_op:
        batch_op.drop_column('invoiced_terms')
    with altered('customers') as batch_op:
        batch_op.drop_constraint(op.f('ck_customers_payment_terms_days_in_range'), type_='check')
        batch_op.drop_column('payment_terms_days')
    op.drop_table('invoice_line_taxes')
    op.drop_table('invoice_lines')
    op.drop_table('invoices')
    op.drop_table('counters')
    op.execute('DELETE FROM search_terms WHERE kind = 60')
