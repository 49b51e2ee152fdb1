"""Vehicles, their odometer and their history."""

from flask import Blueprint

bp = Blueprint("vehicles", __name__)
