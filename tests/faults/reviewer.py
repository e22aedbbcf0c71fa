"""Reviewers who approve every draft over the web desk, and begin again when the desk is taken away."""

import threading
from contextlib import suppress

import httpx2
from sqlalchemy import select

from consultant.records.store import Store
from consultant.records.tables import Case
from tests.faults.town import Town
from tests.processes import DeskClient


class ReviewerAtWork:
    """Runs on a thread of its own until told to stop, and takes the cases whose number falls to it."""

    def __init__(self, town: Town, store: Store, number: int) -> None:
        self._town = town
        self._store = store
        self._number = number
        self._login, self._password = list(town.reviewers.items())[number]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reviewer")
        self.approved = 0
        self.troubles = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the case at hand."""
        self._stop.set()
        self._thread.join(60)

    def _run(self) -> None:
        while not self._stop.is_set():
            desk = DeskClient(self._town.settings.web.address)
            try:
                desk.log_in(self._login, self._password)
                self._work(desk)
            except (httpx2.HTTPError, AssertionError, OSError):
                # The desk was taken away in the middle; whatever was half done is looked at anew.
                self.troubles += 1
                self._stop.wait(0.3)
            finally:
                desk.close()

    def _work(self, desk: DeskClient) -> None:
        while not self._stop.is_set():
            waiting = self._waiting()
            if not waiting:
                self._stop.wait(0.3)
            for reference, state in waiting:
                if self._stop.is_set():
                    return
                if state == "in_review":
                    # Claimed before the desk was taken away; the claim is ours.
                    page = desk.submit(desk.get(f"/cases/{reference}"), "/preview")
                    desk.submit(page, "/approve")
                else:
                    desk.approve(reference)
                self.approved += 1

    def _waiting(self) -> list[tuple[str, str]]:
        with suppress(Exception), self._store.read() as tx:
            mine = Case.id % len(self._town.reviewers) == self._number
            query = select(Case.reference, Case.state).where(Case.state.in_(["awaiting_review", "in_review"]), mine)
            return [(row.reference or "", row.state) for row in tx.execute(query.order_by(Case.id).limit(50))]
        return []
