"""Credit notes"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('credit_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('invoice_id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('subtotal_cents', sa.BigInteger(), nullable=False),
    sa.Column('tax_cents', sa.BigInteger(), nullable=False),
    sa.Column('total_cents', sa.BigInteger(), nullable=False),
    sa.Column('voids', sa.Boolean(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('document_sha256', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('length(document_sha256) <= 64', name=op.f('ck_credit_notes_document_sha256_fits')),
    sa.CheckConstraint('length(number) <= 40', name=op.f('ck_credit_notes_number_fits')),
    sa.CheckConstraint('length(reason) <= 200', name=op.f('ck_credit_notes_reason_fits')),
    sa.CheckConstraint('total_cents BETWEEN 0 AND 9007199254740991', name=op.f('ck_credit_notes_total_cents_in_range')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_credit_notes_account_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_credit_notes_customer_id')),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name=op.f('fk_credit_notes_invoice_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['service_tickets.id'], name=op.f('fk_credit_notes_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_notes')),
    sa.UniqueConstraint('sequence', name=op.f('uq_credit_notes_sequence')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_credit_notes_account_id'), 'credit_notes', ['account_id'])
    op.create_index('ix_credit_notes_customer_id_issued_on_id', 'credit_notes', ['customer_id', 'issued_on', 'id'])
    op.create_index('ix_credit_notes_invoice_id_id', 'credit_notes', ['invoice_id', 'id'])
    op.create_index('ix_credit_notes_issued_on_id', 'credit_notes', ['issued_on', 'id'])
    op.create_index('ix_credit_notes_ticket_id', 'credit_notes', ['ticket_id'])
    op.create_index('uq_credit_notes_invoice_id', 'credit_notes', ['invoice_id'], unique=True, sqlite_where=sa.text('voids'), postgresql_where=sa.text('voids'))
    op.create_table('credit_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('credit_note_id', sa.Integer(), nullable=False),
    sa.Column('invoice_line_id', sa.Integer(), nullable=False),
    sa.Column('net_cents', sa.BigInteger(), nullable=False),
    sa.Column('tax_cents', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['credit_note_id'], ['credit_notes.id'], name=op.f('fk_credit_lines_credit_note_id')),
    sa.ForeignKeyConstraint(['invoice_line_id'], ['invoice_lines.id'], name=op.f('fk_credit_lines_invoice_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_lines')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_credit_lines_invoice_line_id', 'credit_lines', ['invoice_line_id'])
    op.create_index('uq_credit_lines_credit_note_id_invoice_line_id', 'credit_lines', ['credit_note_id', 'invoice_line_id'], unique=True)
    op.create_table('credit_line_taxes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('credit_line_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('millionths', sa.Integer(), nullable=False),
    sa.Column('tax_cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('length(name) <= 40', name=op.f('ck_credit_line_taxes_name_fits')),
    sa.ForeignKeyConstraint(['credit_line_id'], ['credit_lines.id'], name=op.f('fk_credit_line_taxes_credit_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_line_taxes')),
    sqlite_autoincrement=True
    )
    op.create_index('uq_credit_line_taxes_credit_line_id_position', 'credit_line_taxes', ['credit_line_id', 'position'], unique=True)
    with altered('invoices') as batch_op:
        batch_op.add_column(sa.Column('credited_cents', sa.BigInteger(), server_default='0', nullable=False))
        batch_op.create_check_constraint(op.f('ck_invoices_credited_in_range'), 'credited_cents BETWEEN 0 AND total_cents')
    with altered('invoice_lines') as batch_op:
        batch_op.add_column(sa.Column('credited_cents', sa.BigInteger(), server_default='0', nullable=False))
        batch_op.create_check_constraint(op.f('ck_invoice_lines_credited_in_range'), 'credited_cents BETWEEN 0 AND net_cents OR credited_cents BETWEEN net_cents AND 0')


def downgrade():
    with altered('invoice_lines') as batch_op:
        batch_op.drop_constraint(op.f('ck_invoice_lines_credited_in_range'), type_='check')
        batch_op.drop_column('credited_cents')
    with altered('invoices') as batch_op:
        batch_op.drop_constraint(op.f('ck_invoices_credited_in_range'), type_='check')
        batch_op.drop_column('credited_cents')
    op.drop_table('credit_line_taxes')
    op.drop_table('credit_lines')
    op.drop_table('credit_notes')
    op.execute('DELETE FROM search_terms WHERE kind = 61')
