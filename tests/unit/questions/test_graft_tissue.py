"""Places that only gave a graft are no sites of it."""

import pytest

from consultant.questions import graft_tissue


@pytest.mark.parametrize(
    ("text", "gave"),
    [
        ("Fat was suctioned out of the abdomen", True),
        ("fat harvested by liposuction: 22 ml injected into the abdomen", False),
        ("Fat was put into the abdomen", False),
    ],
)
def test_a_donor_place_is_told_from_a_recipient(text: str, gave: bool) -> None:
    assert graft_tissue.gives(text, text.index("abdomen")) is gave
