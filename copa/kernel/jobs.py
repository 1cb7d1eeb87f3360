"""The base of every task: it takes ids and a territory, opens the territory's scope, calls one action."""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from celery import Task, current_app
from django.apps import apps
from django.db import transaction

from copa.kernel import scope

logger = logging.getLogger("copa.jobs")


class TerritoryTask(Task):  # type: ignore[type-arg]
    """A task whose first argument is the territory (UUID as text); its body runs inside that scope.

    The actor of history and outbox rows is the task's name. Called without a territory it raises at once.
    """

    abstract = True

    def __call__(self, territory_id: str, *args: Any, **kwargs: Any) -> Any:
        with scope.opened(inside(self.name, territory_id)):
            return super().__call__(territory_id, *args, **kwargs)


class SteppedTask(Task):  # type: ignore[type-arg]
    """A long task in short transactions: its body opens the territory step by step. First argument as above.

    What a step committed stays whatever becomes of the next one, and others see it: progress, or one item of many.
    """

    abstract = True

    def step(self, territory_id: str) -> AbstractContextManager[scope.Scope]:
        """One transaction inside the territory."""
        return scope.opened(inside(self.name, territory_id))

    def one_by_one(self, territory_id: str, keys: Iterable[Any], act: Callable[[Any], Any]) -> int:
        """Do `act(key)` for each key, each in its own transaction; how many went well.

        An item that fails is logged and does not stop the others: the schedule finds it again.
        """
        done = 0
        for key in keys:
            try:
                with self.step(territory_id):
                    act(key)
            except Exception:
                logger.exception("%s failed for %s", self.name, key)
            else:
                done += 1
        return done


def inside(task: str, territory_id: str) -> scope.Scope:
    """The scope of a task: addresses and references made there bear the territory's letters, as on a page."""
    key = UUID(str(territory_id))
    slug = apps.get_model("territories.Territory").objects.values_list("slug", flat=True).get(pk=key)
    return scope.Scope(actor=f"task:{task}", territory_id=key, slug=slug)


def after_commit(task: "Task[Any, Any] | str", *args: Any) -> None:
    """Queue a task once the current transaction is committed; the territory in scope is its first argument.

    An action gives the task's name: `tasks.py` imports actions, so actions cannot import it. A lost message (Redis
    emptied) only delays the work: every such task is also found by a scheduled one.
    """
    arguments = (str(scope.current_territory_id()), *args)
    transaction.on_commit(lambda: _found(task).delay(*arguments), robust=True)


def _found(task: "Task[Any, Any] | str") -> "Task[Any, Any]":
    if not isinstance(task, str):
        return task
    if task not in current_app.tasks:
        # A web process has not imported the tasks of every app yet.
        current_app.loader.import_default_modules()
    return current_app.tasks[task]


def each_territory(task: "Task[Any, Any]") -> int:
    """Queue a task for every territory that is followed now; the fan-out of scheduled work. Returns how many."""
    territories = apps.get_model("territories.Territory").objects.active()
    keys = [str(key) for key in territories.order_by("pk").values_list("pk", flat=True)]
    for key in keys:
        task.delay(key)
    return len(keys)
