"""The numbers of the synthetic population: domain.md 8.2, one name each. Shares are of one."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Parameters a command may change. The default share of first children is the one that gives 68 % of adhesions."""

    # C22: 53.8 % makes the overall adhesion 68 %; the national share is 42 %.
    first_child: float = 0.538


NATIONAL_FIRST_CHILD = 0.42
ADHESION = {"FIRST": 0.80, "ALREADY": 0.54}
# Proposed before the birth, at the maternity, never.
PROPOSED = (("BEFORE", 0.60), ("STAY", 0.35), ("NEVER", 0.05))
# Mothers who take five days more to answer.
THINKING = 0.04
MODES = (("VAGINAL", 0.662), ("INSTRUMENTAL", 0.124), ("CAESAREAN", 0.214))
PRETERM = 0.075
TWINS = 0.016
DISCHARGES = (("ULTRA_EARLY", 0.03), ("EARLY", 0.22), ("STANDARD", 0.65), ("LONG", 0.10))
# Hours after birth: (from, to), for a vaginal birth and for a caesarean (domain.md 5).
STAYS = {
    "ULTRA_EARLY": ((8, 23.5), (14, 23.5)),
    "EARLY": ((30, 71.5), (50, 95.5)),
    "STANDARD": ((72.2, 95.8), (96.2, 119.8)),
    "LONG": ((98, 190), (122, 240)),
}
MIDWIFE_KNOWN = 0.85
OLDER_THAN_35 = 0.246
V1_DAY = (6.0, 2.0)
V2_AFTER = (8.0, 3.0)
V2_IN_WINDOW = 0.96
V3_VULNERABLE = 0.11
V3_WISHED = 0.10
ONE_VISIT_ONLY = 0.04
MISSED_ONCE = 0.03
MINUTES = (75.0, 12.0)
ULTRA_EARLY_MINUTES = (135.0, 15.0)
ON_TIME = 0.92
LATE = 0.06
# Reports forgotten (2 %) stay missing for these weeks; older ones were asked for and came, late, within twelve days.
# A list of reports a year overdue would show no real place.
FORGOTTEN_DAYS = 45
EPDS_DONE = 0.90
EPDS_SHAPE, EPDS_SCALE = 1.72, 3.43
# Item 10: 24 % of totals of 13 or more, 3 % overall: what is left falls on totals of 4 to 12.
ITEM_10_HIGH, ITEM_10_MIDDLE = 0.24, 0.017
VULNERABLE = 0.25
SIGNAL = 0.03
CHILD_SIGN, MOTHER_SIGN = 0.03, 0.04
WANTS_BREAST = 0.65
# Opened within hours; the others wait three to nine days.
OPENED = 0.93
WITHDRAWN, MOVED, SUSPENDED = 0.012, 0.004, 0.004
# A death in the maternity, and one after the inclusion; the mother's among them.
BEREAVED, BEREAVED_LATER, MOTHER_DIED = 0.003, 0.002, 0.05
RECIPIENTS = {
    "LIBERAL_MIDWIFE": 0.88,
    "GENERAL_PRACTITIONER": 0.66,
    "PAEDIATRICIAN": 0.72,
    "PMI": 0.82,
}
RELAY_ACCEPTED, RELAY_QUESTIONED = 0.86, 0.05
EVALUATION_OPPOSED = 0.04
COPARENT = 0.88
REFUSALS = (
    ("NOT_SAID", 0.3),
    ("MIDWIFE_ENOUGH", 0.18),
    ("EXPERIENCE", 0.18),
    ("ENOUGH", 0.14),
    ("NO_HOME_VISIT", 0.08),
    ("TIME", 0.06),
    ("DATA", 0.03),
    ("PMI_FEAR", 0.02),
    ("OTHER_HELP", 0.01),
)
MISSES = (("ABSENT", 0.5), ("FAMILY_CANCELLED", 0.3), ("SERVICE_CANCELLED", 0.1), ("ACCESS", 0.1))
ENDINGS = (("FAMILY_WISH", 0.6), ("UNREACHABLE", 0.2), ("HOSPITAL", 0.12), ("MOVED", 0.08))
