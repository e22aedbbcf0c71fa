"""Injections of joints, tendons, trigger points and ganglia: what the needle entered, on which side, how often."""

import pytest

from consultant.questions import joints
from consultant.questions.aside import Aside
from consultant.questions.passages import Sentences


def _read(text: str) -> list[tuple[object, object, object]]:
    sentences = Sentences(text)
    rows = [subject.values() for subject in joints.read(text, sentences, Aside(text, sentences))]
    return [(row["procedure"], row.get("joint_size") or row.get("muscle_count"), row.get("laterality")) for row in rows]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Injected right knee with 80 mg depo-medrol.", [("joint_injection", "large", "right")]),
        ("Bilateral knee injections with Euflexxa.", [("joint_injection", "large", "bilateral")]),
        ("Left knee and right knee injected.", [("joint_injection", "large", "bilateral")]),
        ("Arthrocentesis of the left ankle, 10 cc drawn.", [("joint_injection", "intermediate", "left")]),
        ("Right shoulder subacromial bursa injected.", [("joint_injection", "large", "right")]),
        ("2nd and 3rd MCP joints injected.", [("joint_injection", "small", None)] * 2),
        ("Steroid injected into the left carpal tunnel.", [("carpal_tunnel_injection", None, "left")]),
        ("A1 pulley of the trigger finger injected.", [("tendon_sheath_injection", None, None)]),
        ("Lateral epicondylitis injection of the elbow.", [("tendon_origin_injection", None, None)]),
        ("Aspirated a ganglion cyst of the dorsal wrist.", [("ganglion_injection", None, None)]),
        ("R olecranon bursa tapped, 12 cc.", [("joint_injection", "intermediate", "right")]),
        ("Shot of kenalog in the left hip bursa.", [("joint_injection", "large", "left")]),
        ("DIP joint, left ring finger, injected.", [("joint_injection", "small", "left")]),
        ("Shoulder jt inj bilat.", [("joint_injection", "large", "bilateral")]),
        ("Ring finger sheath injxn, right.", [("tendon_sheath_injection", None, "right")]),
        ("Trigger finger injections: left index, left ring.", [("tendon_sheath_injection", None, None)] * 2),
        ("Subject: hip shot\n\nInjected the left trochanteric bursa.", [("joint_injection", "large", "left")]),
        ("Monovisc into the right knee.", [("joint_injection", "large", "right")]),
        ("Drew 18 mL off the right knee and put steroid in.", [("joint_injection", "large", "right")]),
        ("L knee effusion: 40 cc pulled off.", [("joint_injection", "large", "left")]),
        ("Both hips, steroid placed in each.", [("joint_injection", "large", "bilateral")]),
        ("Rt wrist (radiocarpal) CSI.", [("joint_injection", "intermediate", "right")]),
        ("Pulled 30 cc from the left shoulder.", [("joint_injection", "large", "left")]),
        ("Trigger point injections: trapezius, rhomboid.", [("trigger_point_injection", 2, None)]),
    ],
)
def test_the_place_that_a_needle_entered_is_read(text: str, found: list[tuple[object, object, object]]) -> None:
    """The joint is told by its own name, with its side, wherever the act stands in the sentence."""
    assert _read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Toradol 60 mg IM in the left hip.",
        "No injection of the knee was given.",
        "The right knee will be injected next month.",
        "Keloid of the shoulder injected with kenalog.",
        "Facet joint injections under fluoroscopy, right hip pain.",
    ],
)
def test_another_needle_is_no_injection_of_a_joint(text: str) -> None:
    """A drug for the whole body, a keloid, a plan and a joint of the spine are none of this room."""
    assert _read(text) == []


@pytest.mark.parametrize(
    ("text", "guided"),
    [
        ("Left hip injected under ultrasound guidance, image saved.", True),
        ("Left hip injected under ultrasound guidance, no image was saved.", False),
        ("Left hip injected.", None),
    ],
)
def test_guidance_counts_only_where_it_was_recorded(text: str, guided: object) -> None:
    """Without a stored image the code is the plain one (CPT, notes at 20604 to 20611)."""
    sentences = Sentences(text)
    (subject,) = joints.read(text, sentences, Aside(text, sentences))
    assert subject.values().get("ultrasound_guidance") is guided
