"""Canned jobs: templates of jobs that the shop does often, with their lines."""

from flask import Blueprint

bp = Blueprint("canned_jobs", __name__, url_prefix="/canned-jobs")
