"""What each member has to do next, in every subject."""

from visits.reads.todo.base import LABELS, Now, Subject, Waiting
from visits.reads.todo.page import Rest, TodoPage, rest_of, todo_page, waiting_for

__all__ = ["LABELS", "Now", "Rest", "Subject", "TodoPage", "Waiting", "rest_of", "todo_page", "waiting_for"]
