"""Merging, splitting, and letting a letter in: pages that say what happens, and forms that do it."""

import pytest

from consultant.lifecycle import State
from consultant.mail.letter import Verdict
from consultant.records import audit, cases
from tests.desk.web.conftest import Browser, Words
from tests.desk.web.world import World


def letters(world: World, reference: str) -> tuple[cases.ThreadLetter, ...]:
    with world.parts.store.read() as tx:
        return cases.thread(tx, world.case(reference).id)


def actions(world: World, reference: str) -> list[str]:
    with world.parts.store.read() as tx:
        return [entry.action for entry in audit.trail(tx, world.case(reference).id)]


@pytest.fixture
def two(world: World) -> tuple[str, str]:
    """Two drafted cases of one asker."""
    return world.drafted(subject="Lesion on the chin"), world.drafted(
        "And on the cheek?", subject="Lesion on the cheek"
    )


@pytest.fixture
def mixed(world: World) -> str:
    """A case with a follow-up."""
    reference = world.drafted()
    world.follow_up(reference, "Another matter: which code for 20 minutes of counselling?")
    return reference


def test_merging_asks_first_and_names_the_askers_other_cases(ada: Browser, world: World, two: tuple[str, str]) -> None:
    """The case page leads to a page that offers the other cases; nothing has happened yet."""
    first, second = two
    assert f'href="/cases/{second}/merge"' in ada.get(f"/cases/{second}").text
    page = ada.get(f"/cases/{second}/merge")
    assert f'href="/cases/{second}/merge?into={first}"' in page.text
    shown = Words(ada.get(f"/cases/{second}/merge?into={first.lower()}").text).text
    assert f"Merge {second} into {first} ?" in shown or f"Merge {second} into {first}?" in shown
    assert "Nothing is sent." in shown
    assert world.case(second).state is State.AWAITING_REVIEW
    assert len(letters(world, first)) == 1


def test_a_merger_leads_to_the_case_that_goes_on_and_the_other_points_there(
    ada: Browser, world: World, two: tuple[str, str]
) -> None:
    """Both pages say what became of the cases."""
    first, second = two
    done = ada.send(f"/cases/{second}/merge", {"into": first})
    assert done.url.path == f"/cases/{first}"
    assert "The other case is closed; its letters are in this one." in done.text
    assert f"Merged into this case: {second}" in Words(done.text).text
    closed = Words(ada.get(f"/cases/{second}").text).text
    assert f"Merged into {first}" in closed
    assert "No letter is in this case." in closed
    assert f"/cases/{second}/merge" not in ada.get(f"/cases/{second}").text
    assert actions(world, second)[-2:] == ["merge into", "view"]
    assert "merge from" in actions(world, first)


def test_a_merger_brings_the_letters_that_we_sent_along(ada: Browser, world: World, two: tuple[str, str]) -> None:
    """The thread of the case that goes on shows what was written in the other one."""
    first, second = two
    ada.send(f"/cases/{second}/claim")
    ada.send(f"/cases/{second}/approve", {"seen_draft": 1, "override": "It is right."})
    ada.send(f"/cases/{second}/withdraw", {"note": "Belongs elsewhere."})
    assert "Withdrawn" in Words(ada.send(f"/cases/{second}/merge", {"into": first}).text).text


def test_other_people_are_named_before_they_see_each_others_question(ada: Browser, world: World) -> None:
    """Merging lets people into a case, so the page says whom."""
    first, second = world.drafted(), world.drafted("And here?", sender="colette@other.example")
    assert "colette@other.example was not part of" in Words(ada.get(f"/cases/{second}/merge?into={first}").text).text


@pytest.mark.parametrize("into", ["C-2026-000077", "nonsense", ""])
def test_a_case_that_is_not_there_is_refused_in_a_sentence_and_kept_in_the_form(
    ada: Browser, two: tuple[str, str], into: str
) -> None:
    """What was typed stands in the form again, beside the reason."""
    answer = ada.send(f"/cases/{two[0]}/merge", {"into": into})
    assert answer.status_code == 409
    assert "There is no case" in answer.text
    assert 'role="alert"' in answer.text


def test_a_case_in_another_ones_hands_is_not_merged(
    ada: Browser, ben: Browser, world: World, two: tuple[str, str]
) -> None:
    """The other reviewer keeps what he works on."""
    first, second = two
    ben.send(f"/cases/{first}/claim")
    answer = ada.send(f"/cases/{second}/merge", {"into": first})
    assert answer.status_code == 409
    assert f"Ben Examiner has {first} in review" in answer.text
    assert f'href="/cases/{first}/merge"' not in ada.get(f"/cases/{first}").text
    assert world.case(second).state is State.AWAITING_REVIEW


def test_a_letter_on_its_way_keeps_its_case_together(ada: Browser, world: World, mixed: str) -> None:
    """Neither button stands there, and the forms are refused."""
    other = world.drafted()
    ada.send(f"/cases/{other}/claim")
    ada.send(f"/cases/{other}/approve", {"seen_draft": 1, "override": "It is right."})
    page = ada.get(f"/cases/{other}").text
    assert f"/cases/{other}/merge" not in page
    assert f"/cases/{other}/split" not in page
    for address, form in ((f"/cases/{other}/merge", {"into": mixed}), (f"/cases/{mixed}/merge", {"into": other})):
        answer = ada.send(address, form)
        assert answer.status_code == 409
        assert "is on its way, or may have been sent" in answer.text


def test_a_letter_is_split_off_into_a_case_of_its_own(ada: Browser, world: World, mixed: str) -> None:
    """The new case opens; both say where the letter went."""
    letter = letters(world, mixed)[1].id
    assert f'name="letter" value="{letter}"' in ada.get(f"/cases/{mixed}").text
    done = ada.send(f"/cases/{mixed}/split", {"letter": letter})
    new = done.url.path.removeprefix("/cases/")
    assert new != mixed
    assert "The letter has this case of its own now." in done.text
    assert f"Split off {mixed}" in Words(done.text).text
    assert f"Split off this case: {new}" in Words(ada.get(f"/cases/{mixed}").text).text
    assert [each.id for each in letters(world, new)] == [letter]
    assert "split off" in actions(world, mixed)


def test_an_only_letter_offers_no_split(ada: Browser, world: World) -> None:
    """There would be nothing left."""
    reference = world.drafted()
    assert "/split" not in ada.get(f"/cases/{reference}").text
    answer = ada.send(f"/cases/{reference}/split", {"letter": letters(world, reference)[0].id})
    assert answer.status_code == 409
    assert "no other letter that could stay" in answer.text


@pytest.fixture
def strangers_letter(world: World) -> tuple[str, int]:
    """A case, and a letter in quarantine that follows it up."""
    reference = world.drafted()
    letter = world.letter(
        "May I add something?",
        sender="colette@clinic.example",
        verdict=Verdict.QUARANTINE,
        rule="follow-up-from-a-stranger",
        reason=f"The letter follows up {reference}, but its sender has not written in that case.",
        about=reference,
    )
    return reference, letter


def test_the_case_says_that_a_letter_waits_for_a_decision(ada: Browser, strangers_letter: tuple[str, int]) -> None:
    """A reviewer sees it before the answer goes out."""
    reference, letter = strangers_letter
    page = ada.get(f"/cases/{reference}").text
    assert "A letter from colette@clinic.example waits for a decision." in Words(page).text
    assert f'href="/quarantine#letter-{letter}"' in page


def test_one_button_joins_and_one_opens_a_case(ada: Browser, world: World, strangers_letter: tuple[str, int]) -> None:
    """The case that the letter means is filled in; joining is written down."""
    reference, letter = strangers_letter
    page = ada.get("/quarantine").text
    assert f"Join {reference}" in page
    assert "Open a case of its own" in page
    ada.send(f"/quarantine/{letter}/join", {"reference": reference})
    assert [each.id for each in letters(world, reference)][-1] == letter
    assert "join letter" in actions(world, reference)
    assert "waits for a decision" not in ada.get(f"/cases/{reference}").text


def test_a_stopped_letter_says_so_and_stands_in_the_queue(ada: Browser, world: World) -> None:
    """A follow-up in the time to undo: the reviewer learns that nothing went out, and what he may do."""
    reference = world.drafted()
    ada.send(f"/cases/{reference}/claim")
    ada.send(f"/cases/{reference}/approve", {"seen_draft": 1, "override": "It is right."})
    assert reference not in ada.get("/queue").text
    world.follow_up(reference, "Please wait.")
    assert reference in ada.get("/queue").text
    shown = Words(ada.get(f"/cases/{reference}").text).text
    assert "The letter is stopped: the asker wrote again." in shown
    assert "leaves in" not in shown
    assert "Undo" in shown
    ada.send(f"/cases/{reference}/read")
    assert world.bell.rung == [("send", world.outbox(reference)[0].id)]


def test_the_notice_counts_what_is_left_and_promises_nothing_afterwards(ada: Browser, world: World) -> None:
    """Twelve seconds later eight are left; when the time is over the letter waits for its turn."""
    reference = world.drafted()
    ada.send(f"/cases/{reference}/claim")
    ada.send(f"/cases/{reference}/approve", {"seen_draft": 1, "override": "It is right."})
    world.pass_time(seconds=12)
    assert "The letter leaves in 8 s" in Words(ada.get(f"/cases/{reference}").text).text
    world.pass_time(seconds=12)
    assert "The letter waits to go out." in Words(ada.get(f"/cases/{reference}").text).text
