"""Which visits and services have a time or a level of their own, and whose time it is."""

from typing import Final

MINUTES_OF: Final = {
    "prolonged_without_patient": "prolonged_minutes",
    "prolonged_staff": "prolonged_minutes",
    "chronic_care_staff": "month_minutes",
    "chronic_care_personal": "month_minutes",
    "principal_care_staff": "month_minutes",
    "principal_care_personal": "month_minutes",
    "portal_messages": "week_minutes",
    "brief_check_in": "discussion_minutes",
    "brief_check_in_other": "discussion_minutes",
    "telephone_other": "discussion_minutes",
}
LOGGED: Final = frozenset(name for name, fact in MINUTES_OF.items() if fact in ("month_minutes", "week_minutes"))
"""Services whose minutes are gathered over days, often in a log with a line for each."""
STAFF_TIME: Final = frozenset({"prolonged_staff", "chronic_care_staff", "principal_care_staff", "nurse_visit"})
OTHER_DAY_TIME: Final = frozenset({"prolonged_without_patient", *MINUTES_OF} - {"prolonged_staff"})
WITHOUT_TIME: Final = frozenset(
    {"complexity_add_on", "transitional_care", "advanced_primary_care", "image_review", "image_review_other",
     "emergency_visit", "emergency_minimal", "nurse_visit", "preventive_visit"}
)  # fmt: skip
WITHOUT_LEVEL: Final = frozenset(
    {"complexity_add_on", "critical_care", "advanced_primary_care", "advance_care_planning", "tobacco_counseling",
     "substance_screening", "preventive_counseling", "group_counseling", "preventive_visit", "prolonged_staff",
     "prolonged_without_patient", "portal_messages", "image_review", "image_review_other", "telephone_other",
     "brief_check_in", "brief_check_in_other", "nurse_visit", "emergency_minimal"}
)  # fmt: skip
