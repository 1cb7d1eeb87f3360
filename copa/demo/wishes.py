"""What an AP of the demonstration answers when the form asks: a few likely answers per question, turned in order."""

from typing import Any

from visits.questionnaire import Questionnaire

# linkId → answers, one per variant in turn. A list is an answer to a question with several choices.
WISHES: dict[str, tuple[Any, ...]] = {
    "visit.km": ("12.5",),
    "visit.joint": (["NONE"], ["PMI_NURSE"]),
    "who.alone": ("YES", "YES", "NOT_POSSIBLE"),
    "mother.flag_any": ("NONE",),
    "child.flag_any": ("NONE",),
    "child.sleep.place": ("OWN_BED_PARENTS_ROOM", "OWN_BED_PARENTS_ROOM", "SIDE_BED", "OWN_BED_OTHER_ROOM"),
    "child.sleep.in_bed": (["NOTHING"], ["NOTHING"], ["NOTHING"], ["BLANKET"]),
    "child.ue.nappies": ("BOTH", "WET_ONLY"),
    "child.ue.screening": ("BOOKED",),
    "feed.going": ("WELL", "SOME_TROUBLE", "WELL", "WELL", "HARD"),
    "feed.trouble": (["PAIN"], ["LATCH", "NIGHTS"], ["SPITTING"]),
    "feed.goal.same": ("SAME",),
    "feed.goal.kind": ("NO_TERM",),
    "sleep.back": ("TRUE",),
    "sleep.bed": ("FALSE", "FALSE", "DONT_KNOW"),
    "sleep.empty": ("FALSE", "TRUE", "FALSE"),
    "sleep.room": ("TRUE",),
    "sleep.smoke": ("FALSE",),
    "theme.bond": (["SIGNALS", "SOOTHING"], ["AWAKENING"], ["RHYTHM", "REST"], ["SIGNALS", "COPARENT_PLACE"]),
    "theme.prevention": (
        ["SAFE_SLEEP", "FEEDING"],
        ["CRYING_LIMIT", "HYGIENE"],
        ["SAFE_SLEEP", "WHEN_TO_CALL"],
        ["HOME_SAFETY", "SMOKE_FREE"],
    ),
    "theme.network": (["PMI", "MIDWIFE"],),
    "mother.says": ("WELL", "TIRED", "TIRED", "WELL", "OVERWHELMED"),
    "res.helpers": (["COPARENT", "GRANDPARENTS"], ["FAMILY"], ["COPARENT"], ["COPARENT", "FRIENDS"]),
    "res.same": ("SAME",),
    "pmi.presented": ("ALREADY", "YES"),
    "pmi.link": ("BOOKED", "NONE", "SEEN"),
    "pmi.relay_consent": ("YES",),
    "grid.status": ("REVIEWED_NOTHING",),
    "grid.s3_domain": (["VIOLENCE"],),
    "grid.s3_facts": ("Des mots entendus pendant que nous étions seules. L’équipe est prévenue.",),
    "grid.s3_safe": ("ONLY_TIMES",),
    "need.any": ("NONE",),
    "sfl.link": ("SPOKE", "MESSAGE", "NONE", "MET"),
    "sfl.none": ("LOOKING",),
    "task.done": (["LISTEN", "EXPLAIN", "MEAL"], ["BATH", "PLAY"], ["CHANGE", "RISKS"], ["CARRYING", "LISTEN"]),
    "doc.given": (["CARD", "SLEEP"], ["CRYING"], ["PMI_SHEET", "CARD"], ["NONE"]),
    "v3.ask": ("NO",),
    "v3.basis": (["TEAM"],),
    "v3.joint_wish": ("YES", "UNKNOWN"),
    "v3.result": (["ENOUGH"], ["PMI_FOLLOW"]),
    "ue.sf_plan": ("TOMORROW", "TODAY"),
    "ue.who_to_call": (True,),
    "alert.spoke_to": ("EMR_MIDWIFE",),
    "alert.called_15": (False,),
    "alert.instruction": ("SEEN_TODAY",),
    "alert.sfl_told": ("YES",),
    "alert.family_told": ("UNDERSTOOD",),
    "sign.confirm": (True,),
}


def wish(questionnaire: Questionnaire, link_id: str, variant: int, *, wants_breast: bool) -> Any:
    """The answer of this variant; for a question nobody foresaw, its first option, true, or a plain word."""
    if link_id == "child.feed.now":
        return (
            ("BREAST", "BREAST", "MIXED")[variant % 3] if wants_breast else ("FORMULA", "FORMULA", "MIXED")[variant % 3]
        )
    if link_id == "feed.goal.wish":
        return "YES" if wants_breast else "NO"
    known = WISHES.get(link_id)
    if known is not None:
        return known[variant % len(known)]
    item = questionnaire.by_id[link_id]
    if item.options:
        first = item.options[0].code
        return [first] if item.is_repeated else first
    return True if item.type == "boolean" else 0 if item.type == "integer" else "À préciser"
