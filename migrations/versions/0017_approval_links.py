"""Approval links"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('approval_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('estimate_sha256', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Enum('decided', 'revoked', name='end_reason_is_known', native_enum=False, create_constraint=True, length=20), nullable=True),
    sa.CheckConstraint('(ended_at IS NULL) = (end_reason IS NULL)', name=op.f('ck_approval_links_ended_for_a_reason')),
    sa.CheckConstraint('length(estimate_sha256) <= 64', name=op.f('ck_approval_links_estimate_sha256_fits')),
    sa.CheckConstraint('length(token_sha256) <= 64', name=op.f('ck_approval_links_token_sha256_fits')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_approval_links_account_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['service_tickets.id'], name=op.f('fk_approval_links_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_links')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_approval_links_account_id'), 'approval_links', ['account_id'])
    op.create_index('ix_approval_links_ticket_id_id', 'approval_links', ['ticket_id', 'id'])
    op.create_index('uq_approval_links_ticket_id', 'approval_links', ['ticket_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index('uq_approval_links_token_sha256', 'approval_links', ['token_sha256'], unique=True)
    with altered('authorizations') as batch_op:
        batch_op.add_column(sa.Column('approval_link_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_authorizations_approval_link_id'), 'approval_links', ['approval_link_id'], ['id'])
        batch_op.create_index(op.f('ix_authorizations_approval_link_id'), ['approval_link_id'])
    with altered('shop', numbered=False) as batch_op:
        batch_op.add_column(sa.Column('approval_hours', sa.Integer(), server_default='72', nullable=False))
        batch_op.create_check_constraint(op.f('ck_shop_approval_hours_in_range'), 'approval_hours BETWEEN 1 AND 720')


def downgrade():
    with altered('shop', numbered=False) as batch_op:
        batch_op.drop_constraint(op.f('ck_shop_approval_hours_in_range'), type_='check')
        batch_op.drop_column('approval_hours')
    with altered('authorizations') as batch_op:
        batch_op.drop_index(op.f('ix_authorizations_approval_link_id'))
        batch_op.drop_constraint(op.f('fk_authorizations_approval_link_id'), type_='foreignkey')
        batch_op.drop_column('approval_link_id')
    op.drop_table('approval_links')
