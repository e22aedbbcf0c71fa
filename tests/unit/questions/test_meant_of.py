"""What is said of a thread, a scan, a relative or a laboratory value is nothing that the patient has."""

import pytest

from consultant.questions.meant_of import of_family


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Her sister was treated for breast cancer at 49.", ["family_breast_cancer"]),
        ("Breast ca in the maternal aunt.", ["family_breast_cancer"]),
        ("Dad died of colon cancer.", ["family_colorectal_cancer"]),
        ("No family history of breast cancer.", []),
        ("Sister had no breast cancer.", []),
        ("Treated for breast cancer in 2015.", []),
    ],
)
def test_cancers_of_relatives(text: str, named: list[str]) -> None:
    assert [fact.name for fact in of_family(text)] == named
