"""Work that was declined or deferred, and waits for another visit"""

from datetime import datetime, timezone

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

LAST = datetime(9999, 12, 31, tzinfo=timezone.utc)
moment = sa.DateTime(timezone=True)
jobs = sa.table('jobs', sa.column('id'), sa.column('decision'), sa.column('decided_at', moment), sa.column('decided_at_sort', moment))
decisions = sa.table('decisions', *map(sa.column, ('id', 'authorization_id', 'job_id')))
authorizations = sa.table('authorizations', sa.column('id'), sa.column('at', moment))


def upgrade():
    with altered('jobs') as batch_op:
        batch_op.add_column(sa.Column('decided_at', moment, nullable=True))
        batch_op.add_column(sa.Column('decided_at_sort', moment, nullable=True))
        batch_op.add_column(sa.Column('revived_from_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('dismissed_at', moment, nullable=True))
        batch_op.add_column(sa.Column('dismissed_reason', sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(op.f('ck_jobs_dismissed_reason_fits'), 'length(dismissed_reason) <= 200')
        batch_op.create_foreign_key(op.f('fk_jobs_revived_from_id'), 'jobs', ['revived_from_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index('uq_jobs_revived_from_id', ['revived_from_id'], unique=True)
    latest = (
        sa.select(sa.func.max(authorizations.c.at))
        .join_from(decisions, authorizations, authorizations.c.id == decisions.c.authorization_id)
        .where(decisions.c.job_id == jobs.c.id)
        .scalar_subquery()
    )
    op.execute(sa.update(jobs).where(jobs.c.decision.is_not(None)).values(decided_at=latest))
    op.execute(sa.update(jobs).values(decided_at_sort=sa.func.coalesce(jobs.c.decided_at, sa.literal(LAST, moment))))
    with altered('jobs') as batch_op:
        batch_op.alter_column('decided_at_sort', existing_type=moment, nullable=False)


def downgrade():
    with altered('jobs') as batch_op:
        batch_op.drop_index('uq_jobs_revived_from_id')
        batch_op.drop_constraint(op.f('fk_jobs_revived_from_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('ck_jobs_dismissed_reason_fits'), type_='check')
        for name in ('dismissed_reason', 'dismissed_at', 'revived_from_id', 'decided_at_sort', 'decided_at'):
            batch_op.drop_column(name)
