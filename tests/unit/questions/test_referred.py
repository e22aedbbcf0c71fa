"""Mohs surgery of somebody else is told from that of the practice that asks."""

import pytest

from consultant.questions.referred import after_mohs


@pytest.mark.parametrize(
    "text",
    [
        "Patient came to us from the Mohs surgeon across town, who took a BCC.",
        "Defect after Mohs surgery (performed by Dr. Smith, other practice), closed by us.",
        "Dr. Lee (Mohs, different group) excised the SCC.",
        "After Mohs by the dermatologist our surgeon laid a graft.",
        "Post-Mohs defect of the nose, rotation flap by plastics.",
        "Referred by dermatology after Mohs for BCC of the ala. Defect 1.5 cm.",
    ],
)
def test_mohs_of_another_surgeon_is_recognized(text: str) -> None:
    """He bills the layers; the defect is what is repaired here."""
    assert after_mohs(text)


@pytest.mark.parametrize(
    "text",
    [
        "Mohs of the nose, two stages, then a bilobed flap by the same surgeon.",
        "Our Mohs surgeon did Mohs on the ear and closed it.",
        "Excision of a BCC at another practice.",
    ],
)
def test_own_mohs_stays_own(text: str) -> None:
    """Where the same surgeon does both, both are coded."""
    assert not after_mohs(text)
