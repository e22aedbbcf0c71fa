"""The Celery application: its queues, its schedule and its transport.

The broker is a doorbell: messages carry row ids, results are not kept, and a message that is lost or doubled changes
nothing but the time at which work is done (docs/promises.md, 1).
"""

from datetime import timedelta
from typing import Any

from celery import Celery
from kombu.exceptions import KombuError

from consultant.errors import Transient
from consultant.settings import Settings

QUEUES = ("intake", "case", "outbox", "tick")
TICK = timedelta(seconds=5)

# Whoever works imports the tasks. What only rings, as beat does, would compile every pattern of the engine for nothing.
app = Celery("consultant")
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    result_backend=None,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    task_create_missing_queues=False,
    task_default_queue="tick",
    task_queues={name: {"exchange": name, "routing_key": name} for name in QUEUES},
    task_routes={
        "intake.receive": {"queue": "intake"},
        "case.advance": {"queue": "case"},
        "outbox.send": {"queue": "outbox"},
        "tick": {"queue": "tick"},
    },
    beat_schedule={"tick": {"task": "tick", "schedule": TICK, "options": {"expires": TICK.total_seconds()}}},
    beat_max_loop_interval=TICK.total_seconds(),
    timezone="UTC",
)


def configure(settings: Settings) -> Celery:
    """Point the application at the broker of these settings; must come before any task is sent or run."""
    url = settings.broker_url.get_secret_value()
    options: dict[str, Any] = {}
    if url.startswith("memory:"):
        # The default of one second would be the pace of the whole service.
        options = {"polling_interval": 0.02}
    elif url.startswith(("redis:", "rediss:")):
        # An unacknowledged nudge comes back after this time; the tasks are short, and the sweep is faster still.
        options = {"visibility_timeout": 1200, "unacked_restore_interval": 10, "unacked_restore_throttle": 1}
    app.conf.update(broker_url=url, broker_transport_options=options)
    # Threads of the embedded worker would else fall back to an application of Celery's own.
    app.set_default()
    return app


def reachable(settings: Settings) -> str:
    """Return one line about a broker that takes our connection; raise `Transient` when it does not."""
    configure(settings)
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=5)
            return f"{connection.transport.driver_type} at {connection.hostname}:{connection.port}"
    except (KombuError, OSError) as error:
        raise Transient(f"The broker could not be reached ({type(error).__name__}); check broker_url.") from None
