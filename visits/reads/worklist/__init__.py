"""The coordinator's worklist."""

from visits.reads.worklist.page import first_alert, worklist
from visits.reads.worklist.shapes import ALL, END, ORDERS, TODO, VIEWS, WEEK, Counts, Filters, Worklist
from visits.reads.worklist.table import decision

__all__ = [
    "ALL",
    "END",
    "ORDERS",
    "TODO",
    "VIEWS",
    "WEEK",
    "Counts",
    "Filters",
    "Worklist",
    "decision",
    "first_alert",
    "worklist",
]
