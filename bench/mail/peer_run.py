"""Run in the peer's environment: an empty helpdesk, one queue, and the time that `get_email` takes.

Arguments: database kind, its name, PostgreSQL's port, IMAP's port, user, password, folder. Prints tickets and seconds.
Its own mail goes to Django's dummy backend, so that only intake is measured.
"""

import logging
import os
import sys
import time

import django
from django.conf import settings
from django.core.management import call_command

kind, name, postgres_port, imap_port, user, password, folder = sys.argv[1:]
host = os.environ["HOST"]  # noqa: TID251 - the peer's process, not ours
WAL = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
DATABASES = {
    "sqlite": {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": {"init_command": WAL}},
    "postgresql": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": "desk",
        "HOST": host,
        "PORT": postgres_port,
    },
}
settings.configure(
    SECRET_KEY="bench",
    DEBUG=False,
    USE_TZ=True,
    TIME_ZONE="UTC",
    SITE_ID=1,
    DATABASES={"default": DATABASES[kind]},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.sites",
        "django.contrib.humanize",
        "rest_framework",
        "helpdesk",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "django.template.context_processors.request",
                ]
            },
        }
    ],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    MEDIA_ROOT=f"{folder}/media",
    STATIC_URL="/static/",
    ROOT_URLCONF="__main__",
    HELPDESK_TEAMS_MODE_ENABLED=False,
)
django.setup()
logging.disable(logging.CRITICAL)
call_command("migrate", verbosity=0)

from django.urls import include, path  # noqa: E402 - Django is there after the set-up only
from helpdesk.models import Queue, Ticket  # noqa: E402 - as above

urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk"))]

Queue.objects.create(
    title="Desk",
    slug="desk",
    email_address="desk@desk.example",
    allow_email_submission=True,
    email_box_type="imap",
    email_box_host=host,
    email_box_port=int(imap_port),
    email_box_user=user,
    email_box_pass=password,
    email_box_imap_folder="INBOX",
    email_box_interval=0,
)
began = time.perf_counter()
call_command("get_email", quiet=True, debug_to_stdout=True)
seconds = time.perf_counter() - began
print(Ticket.objects.count(), seconds)
