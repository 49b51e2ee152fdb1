"""Canned jobs: templates of jobs"""

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('canned_jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_key', sa.String(length=2160), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=True),
    sa.Column('category', sa.String(length=60), nullable=True),
    sa.Column('category_key', sa.String(length=1080), nullable=True),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('name_sort', sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(category) <= 60', name=op.f('ck_canned_jobs_category_fits')),
    sa.CheckConstraint('length(category_key) <= 1080', name=op.f('ck_canned_jobs_category_key_fits')),
    sa.CheckConstraint('length(name) <= 120', name=op.f('ck_canned_jobs_name_fits')),
    sa.CheckConstraint('length(name_key) <= 2160', name=op.f('ck_canned_jobs_name_key_fits')),
    sa.CheckConstraint('length(name_sort) <= 200', name=op.f('ck_canned_jobs_name_sort_fits')),
    sa.CheckConstraint('length(note) <= 1000', name=op.f('ck_canned_jobs_note_fits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_canned_jobs')),
    sqlite_autoincrement=True
    )
    op.create_index('uq_canned_jobs_name_key', 'canned_jobs', ['name_key'], unique=True, sqlite_where=sa.text('retired_at IS NULL'), postgresql_where=sa.text('retired_at IS NULL'))
    op.create_index('ix_canned_jobs_name_sort_id', 'canned_jobs', ['name_sort', 'id'])
    op.create_index('ix_canned_jobs_category_key_id', 'canned_jobs', ['category_key', 'id'])
    with altered('jobs') as batch_op:
        batch_op.add_column(sa.Column('canned_job_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_jobs_canned_job_id'), 'canned_jobs', ['canned_job_id'], ['id'])
        batch_op.create_index(op.f('ix_jobs_canned_job_id'), ['canned_job_id'])


def downgrade():
    with altered('jobs') as batch_op:
        batch_op.drop_index(op.f('ix_jobs_canned_job_id'))
        batch_op.drop_constraint(op.f('fk_jobs_canned_job_id'), type_='foreignkey')
        batch_op.drop_column('canned_job_id')
    op.drop_table('canned_jobs')
    op.execute('DELETE FROM search_terms WHERE kind = 50')
