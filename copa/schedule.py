"""The one schedule: what runs when, in UTC. Each entry fans out over territories and may run twice without harm."""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "alert ladders": {"task": "pathways.climb_ladders_everywhere", "schedule": 30.0},
    "answers left on a tablet": {"task": "pathways.erase_handings_everywhere", "schedule": crontab(minute=45)},
    "billing lines": {"task": "billing.make_lines_everywhere", "schedule": 300.0},
    "conventions that end": {
        "task": "territories.tell_of_ending_conventions_everywhere",
        "schedule": crontab(hour=6, minute=15),
    },
    "decisions due": {"task": "pathways.remind_decisions_everywhere", "schedule": crontab(minute=5)},
    "early discharges": {"task": "pathways.watch_early_calls_everywhere", "schedule": 60.0},
    "export of the quarter that ended": {
        "task": "reporting.export_last_quarter_everywhere",
        "schedule": crontab(hour=2, minute=10),
    },
    "exports without a worker": {"task": "reporting.resume_exports_everywhere", "schedule": 120.0},
    "families for another territory": {"task": "pathways.settle_transfers_everywhere", "schedule": 60.0},
    "figures": {"task": "reporting.compute_figures_everywhere", "schedule": crontab(hour=1, minute=40)},
    "heartbeat": {"task": "copa.heartbeat", "schedule": 5.0},
    "lists of births": {"task": "pathways.look_after_imports_everywhere", "schedule": 120.0},
    "messages to read": {"task": "messaging.tell_readers_everywhere", "schedule": 60.0},
    "orientations without an answer": {
        "task": "pathways.remind_orientations_everywhere",
        "schedule": crontab(minute=20),
    },
    "outgoing mails": {"task": "territories.send_outgoing_everywhere", "schedule": 60.0},
    "relays that wait": {"task": "pathways.send_relay_digests_everywhere", "schedule": 600.0},
    "report deadlines": {"task": "visits.watch_report_deadlines_everywhere", "schedule": 60.0},
    "services asked about their places": {
        "task": "territories.ask_capacities_everywhere",
        "schedule": crontab(hour="6-16", minute=50),
    },
    "team meetings overdue": {
        "task": "pathways.remind_team_meetings_everywhere",
        "schedule": crontab(hour=6, minute=25),
    },
    "visits that never came": {"task": "visits.look_for_missed_everywhere", "schedule": crontab(minute=35)},
    "waiting deliveries": {"task": "visits.deliver_waiting_everywhere", "schedule": 60.0},
}
