"""The modifiers that exist, so that one which does not is noticed: CPT Appendix A and HCPCS Level II, numbers only."""

_CPT = (
    "22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92 93 95 "
    "96 97 99"
)
# Modifiers in everyday use in practices: sides, digits, lids, coronary vessels, NCCI, notices, drugs, therapy,
# teaching, anaesthesia, telehealth, laboratory, routine foot care, equipment, split services and place of a clinic.
_HCPCS = (
    "AA AD AI AQ AR AS AT CO CQ CR CS CT E1 E2 E3 E4 EP EY F1 F2 F3 F4 F5 F6 F7 F8 F9 FA FB FC FQ FR FS FT FX FY "
    "G0 G8 G9 GA GC GE GG GH GJ GK GL GM GN GO GP GQ GR GT GU GV GW GX GY GZ JA JB JG JW JZ KX LC LD LM LT NU P1 "
    "P2 P3 P4 P5 P6 PA PB PC PI PN PO PS PT Q0 Q1 Q3 Q5 Q6 Q7 Q8 Q9 QC QK QL QM QN QP QS QW QX QY QZ RA RB RC RI "
    "RR RT SA SB SG SL ST T1 T2 T3 T4 T5 T6 T7 T8 T9 TA TB TC TG TH TS UN UP UQ UR US V5 V6 V7 XE XP XS XU"
)

MODIFIERS = (*_CPT.split(), *_HCPCS.split())
"""A list of numbers that exist, not of rules; a family says what a modifier means."""

EDITION = "2026"
NOTE = "CPT Appendix A and HCPCS Level II modifiers in everyday use; numbers only."
