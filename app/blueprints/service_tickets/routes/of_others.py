"""Routes for tickets under the paths of customers and vehicles."""

from flask import g

from app.actors import Role
from app.blueprints.customers import bp as customers
from app.blueprints.service_tickets.queries import recommendations, visits
from app.blueprints.service_tickets.queries import tickets as queries
from app.blueprints.service_tickets.schemas.answers import VEHICLE_HISTORY, TicketOut
from app.blueprints.service_tickets.schemas.jobs import RecommendationOut, RecommendationQuery
from app.blueprints.service_tickets.schemas.tickets import TicketListQuery
from app.blueprints.vehicles import bp as vehicles
from app.errors import NotFound
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads
from app.web.pages import NewestFirst, page_shape
from app.web.shapes import accepts, refuses, returns


@customers.get("/my-tickets")
@reads
@requires(Role.CUSTOMER)
@cached(*queries.TABLES)
@accepts(TicketListQuery(), "query")
@returns(page_shape(TicketOut))
def my_tickets(**query):
    """List your own tickets, newest first.

    This is for customers; staff use `/service-tickets`.
    """
    return queries.tickets(g.actor, **query)


@vehicles.get("/vehicles/<int:vehicle_id>/recommendations")
@reads
@requires()
@cached(*recommendations.TABLES)
@accepts(RecommendationQuery(), "query")
@returns(page_shape(RecommendationOut))
@refuses(NotFound)
def recommended(vehicle_id, **query):
    """List the jobs that are recommended for a vehicle, newest decision first.

    They were declined or deferred, or not begun on a cancelled ticket. The recommendations stay with the
    vehicle when its owner changes. To do such a job, send its id as `revive_job_id` to
    `POST /service-tickets/{ticket_id}/jobs`.
    """
    return recommendations.recommendations(g.actor, vehicle_id, **query)


@vehicles.get("/vehicles/<int:vehicle_id>/history")
@reads
@requires()
@cached(*queries.TABLES, "odometer_readings")
@accepts(NewestFirst(), "query")
@returns(VEHICLE_HISTORY)
@refuses(NotFound)
def history(vehicle_id, **query):
    """Show the history of a vehicle, newest first: its tickets and its last 100 odometer readings.

    Each ticket has its parts and mechanics. When the owner of a vehicle changes, its history stays, but
    the new owner can't see the former owners, nor the problems that they described.
    """
    return visits.vehicle_history(g.actor, vehicle_id, **query)
