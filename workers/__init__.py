"""Celery: tasks of a few lines that take an id and make one call."""
