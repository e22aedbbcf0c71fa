"""The case store: durable or refused, migrated to what the code expects, and guarded against two writers."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text

from consultant.lifecycle import Event, NotAllowed, State
from consultant.mail.letter import Screening, Verdict
from consultant.records import audit, cases, ledger, outgoing, people, schema
from consultant.records.account_tables import Heartbeat
from consultant.records.audit import AuditEntry
from consultant.records.ledger import Arrival, Read
from consultant.records.precedent_tables import Precedent
from consultant.records.store import LostRace, Store, StoreRefused
from consultant.records.tables import Audit

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
LATER = timedelta(minutes=30)


@pytest.fixture
def store(tmp_path, migrated):
    shutil.copy(migrated, tmp_path / "cases.sqlite")
    store = Store(f"sqlite:///{tmp_path / 'cases.sqlite'}")
    yield store
    store.close()


def arrival(uid, name="letter"):
    return Arrival(uid, (name.encode().hex() * 32)[:64], f"sealed {name}".encode(), 10)


def read(sender="asker@clinic.example", content="c" * 64, message_id="<1@clinic.example>"):
    return Read(message_id, content, sender, "Subject", "Text", "Text", (), (), None, ())


def accepted(tx, name="letter", uid=1, **fields):
    (letter_id,) = ledger.enter(tx, "desk", "INBOX", 1, [arrival(uid, name)], NOW)
    taken = ledger.take(tx, letter_id, NOW)
    ledger.put_verdict(tx, taken, Screening(Verdict.ACCEPT, "person"), read(**fields), NOW)
    return letter_id


def opened(tx, name="letter", uid=1):
    letter_id = accepted(tx, name, uid)
    return cases.open_case(tx, letter_id, "desk", "asker@clinic.example", "Subject", NOW, NOW + LATER)


def test_the_migrations_lead_to_the_tables_that_the_code_describes(store):
    with store.engine.connect() as connection:
        assert Heartbeat.metadata is Precedent.metadata
        assert compare_metadata(MigrationContext.configure(connection), Precedent.metadata) == []


def test_the_version_that_is_wanted_is_the_last_of_the_migrations():
    assert schema.wanted() == ScriptDirectory.from_config(schema.config()).get_current_head()


def test_a_store_that_would_lose_letters_in_a_power_cut_is_refused(store):
    # A listener that runs after the store's own weakens every connection, as a wrong URL option would.
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    store.engine.dispose()
    with pytest.raises(StoreRefused, match="power cut: synchronous is 0, not FULL"):
        store.check()


def test_a_store_without_its_schema_names_the_command_that_mends_it(tmp_path):
    (tmp_path / "empty.sqlite").touch()
    store = Store(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(StoreRefused, match="consultant migrate"):
        store.check()
    store.close()


def test_a_store_that_is_not_there_is_said_to_be_missing(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'nowhere' / 'cases.sqlite'}")
    with pytest.raises(StoreRefused, match="There is no case store"):
        store.check()
    store.migrate()
    assert store.check()
    store.close()


def test_a_url_that_is_none_is_refused_with_what_was_expected():
    with pytest.raises(StoreRefused, match="postgresql://"):
        Store("not a url")


def test_a_healthy_store_says_so(store):
    assert "durable" in store.check()


def test_a_letter_that_is_offered_twice_has_one_row_and_two_positions(store):
    with store.begin() as tx:
        first = ledger.enter(tx, "desk", "INBOX", 1, [arrival(1), arrival(2)], NOW)
        again = ledger.enter(tx, "desk", "INBOX", 2, [arrival(1)], NOW)
        other = ledger.enter(tx, "second", "INBOX", 1, [arrival(7)], NOW)
        assert len(first) == 1
        assert again == other == ()
        assert ledger.known_uids(tx, "desk", "INBOX", 1, range(1, 9)) == {1, 2}
        assert ledger.known_uids(tx, "desk", "INBOX", 2, [1, 2]) == {1}
        assert ledger.known_uids(tx, "desk", "INBOX", 1, [2, 900_000]) == {2}


def test_an_attempt_is_counted_before_the_work_and_nobody_else_gets_the_letter(store):
    with store.begin() as tx:
        (letter_id,) = ledger.enter(tx, "desk", "INBOX", 1, [arrival(1)], NOW)
    with store.begin() as tx:
        assert ledger.take(tx, letter_id, NOW).attempts == 1
        assert ledger.take(tx, letter_id, NOW) is None
        assert ledger.due(tx, NOW) == ()
        assert ledger.due(tx, NOW + LATER) == (letter_id,)
        assert ledger.take(tx, letter_id, NOW + LATER).attempts == 2


def test_a_verdict_is_written_once(store):
    with store.begin() as tx:
        (letter_id,) = ledger.enter(tx, "desk", "INBOX", 1, [arrival(1)], NOW)
        taken = ledger.take(tx, letter_id, NOW)
        ledger.put_verdict(tx, taken, Screening(Verdict.DISCARD, "list"), None, NOW)
        with pytest.raises(LostRace):
            ledger.put_verdict(tx, taken, Screening(Verdict.ACCEPT, "person"), None, NOW)
        assert ledger.due(tx, NOW + LATER) == ()


def test_a_case_has_a_reference_and_moves_only_as_the_law_says(store):
    with store.begin() as tx:
        case_id = opened(tx)
        case = cases.current(tx, case_id)
        assert case.reference == "C-2026-000001"
        assert case.state is State.RECEIVED
        with pytest.raises(NotAllowed):
            cases.move(tx, case, Event.APPROVE, NOW)
        assert cases.move(tx, case, Event.CLASSIFY, NOW) is State.CLASSIFIED
        with pytest.raises(LostRace):
            cases.move(tx, case, Event.CLASSIFY, NOW)


def test_of_two_workers_one_gets_the_case(store):
    with store.begin() as tx:
        case_id = opened(tx)
    with store.begin() as tx:
        taken = cases.take(tx, case_id, "lease-1", NOW)
        assert taken.lease == "lease-1"
        assert cases.take(tx, case_id, "lease-2", NOW) is None
        late = NOW + cases.LEASE + timedelta(seconds=1)
        assert cases.take(tx, case_id, "lease-2", late).attempts == 2
        with pytest.raises(LostRace):
            cases.move(tx, taken, Event.CLASSIFY, late)


def test_a_reply_to_a_case_in_a_reviewers_hands_leaves_it_there_unread(store):
    with store.begin() as tx:
        case_id = opened(tx)
        for event in (Event.CLASSIFY, Event.RESEARCH, Event.DRAFT):
            cases.move(tx, cases.current(tx, case_id), event, NOW)
        seen = cases.current(tx, case_id)
        cases.move(tx, seen, Event.CLAIM, NOW, lease="mine", lease_until=NOW + LATER)
        follow_up = accepted(tx, "second", 2, content="d" * 64)
        assert cases.join(tx, case_id, follow_up, NOW, NOW + LATER) is State.IN_REVIEW
        case = cases.current(tx, case_id)
        assert case.unread
        assert case.lease == "mine"


def test_a_letter_is_in_one_case_only(store):
    with store.begin() as tx:
        opened(tx)
        letter_id = tx.execute(text("SELECT id FROM letter")).scalar_one()
        with pytest.raises(LostRace):
            cases.open_case(tx, letter_id, "desk", "asker@clinic.example", "Subject", NOW, NOW)


def test_the_same_letter_by_another_way_is_found_by_its_content(store):
    with store.begin() as tx:
        first = accepted(tx, "one", 1)
        assert ledger.twin(tx, 99, "<1@clinic.example>", "c" * 64) == first
        assert ledger.twin(tx, first, "<1@clinic.example>", "c" * 64) is None
        assert ledger.twin(tx, 99, None, "c" * 64) is None


def test_a_change_to_any_row_of_the_audit_trail_shows(store):
    with store.begin() as tx:
        for number in range(5):
            audit.append(tx, AuditEntry(NOW, "reviewer", "view", number, ""))
        assert audit.first_broken(tx) is None
        row = tx.get(Audit, 3)
        row.actor = "somebody else"
        tx.flush()
        assert audit.first_broken(tx) == 3


def test_the_outbox_refuses_a_second_writer(store):
    with store.begin() as tx:
        outbox_id = outgoing.enqueue(tx, new_letter(), NOW)
        seen = outgoing.current(tx, outbox_id)
        outgoing.step(tx, seen, outgoing.Sending.SENDING, lease="a")
        with pytest.raises(LostRace):
            outgoing.step(tx, seen, outgoing.Sending.SENDING, lease="b")


def test_a_refused_recipient_is_not_served_again(store):
    with store.begin() as tx:
        outbox_id = outgoing.enqueue(tx, new_letter(), NOW)
        outgoing.mark_recipients(tx, outbox_id, {"b@clinic.example": "550 no"}, "refused")
        assert outgoing.current(tx, outbox_id).recipients == ("a@clinic.example",)


def test_the_binding_covers_the_bytes_and_every_recipient():
    one = outgoing.binding(b"letter", ["a@x.example", "b@x.example"])
    assert one == outgoing.binding(b"letter", ["b@x.example", "a@x.example"])
    assert one != outgoing.binding(b"letter!", ["a@x.example", "b@x.example"])
    assert one != outgoing.binding(b"letter", ["a@x.example"])


def new_letter():
    return outgoing.NewLetter(
        kind=outgoing.Kind.ANSWER,
        account="desk",
        case_id=None,
        review_id=None,
        message_id="<m@desk.example>",
        delivery_id="d1",
        envelope_sender="desk@desk.example",
        recipients=("a@clinic.example", "b@clinic.example"),
        sealed=b"sealed",
        sha256="0" * 64,
    )


@pytest.mark.parametrize(
    ("idle", "age", "valid"),
    [
        (timedelta(minutes=14), timedelta(hours=1), True),
        (timedelta(minutes=16), timedelta(hours=1), False),
        (timedelta(minutes=1), timedelta(hours=13), False),
    ],
)
def test_a_session_ends_after_15_idle_minutes_and_after_12_hours(store, idle, age, valid):
    with store.begin() as tx:
        person = people.add(tx, login="r", name="R", credential="", password_hash="x", now=NOW)
        people.begin_session(tx, "token", "csrf", person, NOW - age)
        people.touch_session(tx, "token", NOW - idle)
        assert (people.session(tx, "token", NOW) is not None) is valid


def test_a_new_password_and_a_shut_out_reviewer_end_the_sessions(store):
    with store.begin() as tx:
        person = people.add(tx, login="r", name="R", credential="", password_hash="x", now=NOW)
        people.begin_session(tx, "token", "csrf", person, NOW)
        people.set_password(tx, person, "y")
        assert people.session(tx, "token", NOW) is None
        people.begin_session(tx, "token", "csrf", person, NOW)
        people.set_active(tx, person, active=False)
        assert people.session(tx, "token", NOW) is None


def test_a_naive_time_is_refused(store):
    with store.begin() as tx, pytest.raises(Exception, match="without a zone"):
        audit.append(tx, AuditEntry(NOW.replace(tzinfo=None), "r", "view", None, ""))
