"""Who holds a case: the guard that every action of a reviewer passes first."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from consultant.errors import ConsultantError
from consultant.lifecycle import State
from consultant.parts import Parts
from consultant.records import audit, people
from consultant.records.audit import AuditEntry
from consultant.records.cases import CaseNow, guarded_update
from consultant.records.people import Person
from consultant.records.store import Tx


class HeldBy(ConsultantError):
    """Another reviewer has the case."""

    def __init__(self, name: str, until: datetime | None) -> None:
        """Keep who has it, and until when (UTC)."""
        super().__init__(f"{name} has this case in review.")
        self.name = name
        self.until = until


class NotYours(ConsultantError):
    """The case has to be claimed first."""


def claim_is_over(case: CaseNow, now: datetime) -> bool:
    """Tell whether the reviewer has done nothing until the end of his claim."""
    return case.lease_until is not None and case.lease_until < now


def require_claim(tx: Tx, case: CaseNow, person: Person) -> None:
    """Refuse whoever has not claimed the case."""
    if case.state is State.IN_REVIEW and case.reviewer_id == person.id:
        return
    if case.state is State.IN_REVIEW and case.reviewer_id is not None:
        holder = people.by_id(tx, case.reviewer_id)
        raise HeldBy(holder.name if holder else "Another reviewer", case.lease_until)
    raise NotYours("Claim this case first; its claim may have run out in the meantime.")


def extend_claim(tx: Tx, case: CaseNow, person: Person, parts: Parts, now: datetime) -> None:
    """Keep a claimed case for another stretch."""
    values = claim_values(person, parts, now)
    guarded_update(tx, case, {"lease_until": values["lease_until"]})


def claim_values(person: Person, parts: Parts, now: datetime) -> dict[str, Any]:
    """Return the columns of a fresh claim: a lease of its own, its end, and whose it is."""
    until = now + timedelta(minutes=parts.settings.desk.claim_minutes)
    return {"lease": secrets.token_hex(16), "lease_until": until, "reviewer_id": person.id}


def write_audit(tx: Tx, person: Person, action: str, case_id: int | None, now: datetime, detail: str = "") -> None:
    """Write who did what, in the transaction in which it was done."""
    audit.append(tx, AuditEntry(now, person.login, action, case_id, detail))
