"""Tickets without vehicles, vehicles' numbers of any form, and an odometer reading for each visit"""

from datetime import UTC, datetime
from functools import reduce

import sqlalchemy as sa
from alembic import op

from migrations.altering import altered

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

FOLDED = reduce(lambda vin, sign: f"replace({vin}, '{sign}', '')", ' ./*-', 'upper(vin)')
OVER = "('closed', 'cancelled')"
READINGS = [
    # Of what was read at one visit, the last that was typed is right, and was read when the first was.
    """UPDATE odometer_readings SET at = (
        SELECT min(each.at) FROM odometer_readings each WHERE each.ticket_id = odometer_readings.ticket_id
    ) WHERE ticket_id IS NOT NULL""",
    """DELETE FROM odometer_readings WHERE ticket_id IS NOT NULL AND id NOT IN (
        SELECT max(id) FROM odometer_readings WHERE ticket_id IS NOT NULL GROUP BY ticket_id
    )""",
    """DELETE FROM odometer_readings WHERE ticket_id IN (
        SELECT id FROM service_tickets WHERE odometer_in IS NULL
    )""",
    """UPDATE odometer_readings SET reading = (
        SELECT odometer_in FROM service_tickets WHERE service_tickets.id = ticket_id
    ) WHERE ticket_id IS NOT NULL""",
    # One that only repeated what the vehicle showed was not logged.
    """INSERT INTO odometer_readings (vehicle_id, ticket_id, reading, at)
    SELECT vehicle_id, id, odometer_in, opened_at FROM service_tickets
    WHERE odometer_in IS NOT NULL AND id NOT IN (
        SELECT ticket_id FROM odometer_readings WHERE ticket_id IS NOT NULL
    )""",
    """UPDATE vehicles SET odometer = (
        SELECT reading FROM odometer_readings WHERE vehicle_id = vehicles.id ORDER BY at DESC, id DESC LIMIT 1
    ) WHERE id IN (SELECT vehicle_id FROM odometer_readings)""",
]


def upgrade():
    with altered('vehicles') as batch_op:
        batch_op.add_column(sa.Column('vin_key', sa.String(length=20), nullable=True))
        batch_op.alter_column('vin',
               existing_type=sa.VARCHAR(length=17),
               type_=sa.String(length=20),
               existing_nullable=True)
        batch_op.drop_constraint(batch_op.f('ck_vehicles_vin_fits'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_vehicles_vin_fits'), 'length(vin) <= 20')
        batch_op.create_check_constraint(batch_op.f('ck_vehicles_vin_key_fits'), 'length(vin_key) <= 20')
        batch_op.drop_constraint(batch_op.f('uq_vehicles_vin'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_vehicles_vin_key'), ['vin_key'])
    fill_keys()

    with altered('service_tickets') as batch_op:
        batch_op.add_column(sa.Column('kept_vin', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('kept_vin_key', sa.String(length=20), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_service_tickets_kept_vin_fits'), 'length(kept_vin) <= 20')
        batch_op.create_check_constraint(batch_op.f('ck_service_tickets_kept_vin_key_fits'), 'length(kept_vin_key) <= 20')
        batch_op.alter_column('vehicle_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index('ix_service_tickets_kept_vin_key', ['kept_vin_key'], unique=False)
    for column, of_vehicle in (('kept_vin', 'vin'), ('kept_vin_key', 'vin_key')):
        op.execute(
            f'UPDATE service_tickets SET {column} ='
            f' (SELECT {of_vehicle} FROM vehicles WHERE vehicles.id = vehicle_id) WHERE status IN {OVER}'
        )

    for statement in READINGS:
        op.execute(statement)
    with altered('odometer_readings') as batch_op:
        batch_op.drop_index(batch_op.f('ix_odometer_readings_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_odometer_readings_vehicle_id_id'))
        batch_op.create_index('ix_odometer_readings_vehicle_id_at_id', ['vehicle_id', 'at', 'id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_odometer_readings_ticket_id'), ['ticket_id'])


def fill_keys():
    """Where two numbers differ in their signs only, which was allowed, the later one keeps them in its key."""
    bind = op.get_bind()
    bind.execute(sa.text(f'UPDATE vehicles SET vin_key = upper(vin) WHERE upper(vin) = {FOLDED}'))
    rest = f'SELECT id, upper(vin), {FOLDED} FROM vehicles WHERE vin <> :none AND vin_key IS NULL ORDER BY id'
    for row_id, as_kept, folded in bind.execute(sa.text(rest), {'none': ''}).all():
        taken = bind.scalar(sa.text('SELECT count(*) FROM vehicles WHERE vin_key = :key'), {'key': folded})
        bind.execute(
            sa.text('UPDATE vehicles SET vin_key = :key WHERE id = :id'),
            {'key': as_kept if taken else folded, 'id': row_id},
        )


def downgrade():
    with altered('odometer_readings') as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_odometer_readings_ticket_id'), type_='unique')
        batch_op.drop_index('ix_odometer_readings_vehicle_id_at_id')
        batch_op.create_index(batch_op.f('ix_odometer_readings_vehicle_id_id'), ['vehicle_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_odometer_readings_ticket_id'), ['ticket_id'], unique=False)

    give_vehicles()
    with altered('service_tickets') as batch_op:
        batch_op.drop_index('ix_service_tickets_kept_vin_key')
        batch_op.alter_column('vehicle_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_constraint(batch_op.f('ck_service_tickets_kept_vin_key_fits'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_service_tickets_kept_vin_fits'), type_='check')
        batch_op.drop_column('kept_vin_key')
        batch_op.drop_column('kept_vin')

    op.execute('UPDATE vehicles SET vin = NULL WHERE length(vin) > 17')
    with altered('vehicles') as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_vehicles_vin_key'), type_='unique')
        batch_op.drop_constraint(batch_op.f('ck_vehicles_vin_key_fits'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_vehicles_vin_fits'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_vehicles_vin_fits'), 'length(vin) <= 17')
        batch_op.create_unique_constraint(batch_op.f('uq_vehicles_vin'), ['vin'])
        batch_op.alter_column('vin',
               existing_type=sa.String(length=20),
               type_=sa.VARCHAR(length=17),
               existing_nullable=True)
        batch_op.drop_column('vin_key')


def give_vehicles():
    """A vehicle that nobody knows anything of, to each customer with tickets that have none."""
    vehicles = sa.table('vehicles', *(
        sa.column(name, sa.DateTime(timezone=True) if name.endswith('_at') else None)
        for name in ('id', 'customer_id', 'created_at', 'updated_at', 'version')
    ))
    tickets = sa.table('service_tickets', sa.column('customer_id'), sa.column('vehicle_id'))
    bind, now = op.get_bind(), datetime.now(UTC)
    without = sa.select(tickets.c.customer_id).where(tickets.c.vehicle_id.is_(None)).distinct()
    for customer_id in bind.scalars(without).all():
        bind.execute(sa.insert(vehicles).values(customer_id=customer_id, created_at=now, updated_at=now, version=1))
        [vehicle_id] = bind.scalars(sa.select(sa.func.max(vehicles.c.id)))
        bind.execute(
            sa.update(tickets)
            .where(tickets.c.customer_id == customer_id, tickets.c.vehicle_id.is_(None))
            .values(vehicle_id=vehicle_id)
        )
