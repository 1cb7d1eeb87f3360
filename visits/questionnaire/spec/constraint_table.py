"""What each sentence of the column "Contrainte" becomes, row by row, with the French sentence people read."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check of one row, of a kind known to `visits.questionnaire.rules`. Severity: error or warning."""

    kind: str
    text: str = ""
    severity: str = "error"
    codes: tuple[str, ...] = ()
    question: str = ""
    bound: str = ""
    limit: int | None = None
    when: str = ""


def _past(*earlier: Check) -> tuple[Check, ...]:
    return (*earlier, Check(kind="date-max", bound="TODAY", text="Cette date n'est pas encore passée."))


def _tell(when: str, text: str, severity: str = "warning") -> tuple[Check, ...]:
    return (Check(kind="condition", severity=severity, when=when, text=text),)


AFTER_BIRTH = Check(kind="date-min", bound="BIRTH", text="Cette date est avant la naissance.")
ONE_DECIMAL = Check(kind="decimals", limit=1, text="Une décimale au plus.")
CALL_TEAM = "Appelez l'équipe avant de partir."
DEATH = "Appelez l'équipe tout de suite : elle arrête les messages de la plateforme à la famille."
NOT_ALONE = "Vous n'avez pas noté avoir parlé seule avec la mère : dites-le à l'équipe au téléphone."
NO_CALL = "Les messages à la famille deviennent discrets. Dites aussi à l'équipe de ne pas appeler."
ONLY_TIMES = "Les messages à la famille deviennent discrets. Dites les heures à l'équipe, et notez-les dans les faits."
ALL_TEN = " ET ".join(f"epds.i{number:02d} ∃" for number in range(1, 11))
NONE_IS_EMPTY = "Les dix réponses sont notées : retirez cette coche, ou la réponse que la mère a laissée vide."
TODAY_IS_A_CALL = "Pour aujourd'hui, une demande écrite ne suffit pas : appelez l'équipe, ou touchez un signe d'alerte."

CHECKS: dict[str, tuple[Check, ...]] = {
    "visit.not_done_reason": _tell("visit.not_done_reason = BEREAVEMENT", DEATH),
    "visit.km": (ONE_DECIMAL,),
    "who.present": (
        Check(
            kind="any-of",
            codes=("MOTHER", "COPARENT", "OTHER_ADULT"),
            text="Cochez au moins un adulte de la famille.",
        ),
    ),
    "who.alone": _tell(
        "who.alone = YES ET epds.alone = PARTNER_NEAR",
        "Vous notez que le coparent pouvait lire le questionnaire : vérifiez.",
    ),
    "alert.spoke_to": (Check(kind="vital-call", text="Personne n'a répondu : appelez le 15, puis notez-le."),),
    "alert.spoke_at": (
        Check(kind="date-min", bound="STARTED", text="Cette heure est avant votre arrivée."),
        Check(kind="date-max", bound="NOW", text="Cette heure n'est pas encore passée."),
    ),
    "alert.sfl_told": (
        Check(
            kind="option-when",
            codes=("NO_SFL",),
            when="ctx.sfl_known = false",
            text="Le dossier a une sage-femme libérale.",
        ),
    ),
    "child.absent": _tell("child.absent = DECEASED", DEATH),
    "child.temp": (ONE_DECIMAL,),
    "child.weight_g": (
        Check(
            kind="weight-change",
            severity="warning",
            limit=12,
            text="Plus de 12 % d'écart avec le dernier poids : vérifiez.",
        ),
    ),
    "child.exam.k01_on": _past(AFTER_BIRTH),
    "child.exam.k02_on": _past(
        AFTER_BIRTH,
        Check(
            kind="date-min",
            bound="BIRTH_PLUS_7",
            severity="warning",
            text="Moins de 7 jours après la naissance : vérifiez.",
        ),
    ),
    "child.ue.nappies": _tell(
        "child.ue.nappies = NONE OU child.ue.nappies = DONT_KNOW", "Prévenez la sage-femme maintenant."
    ),
    "child.ue.screening": _tell("child.ue.screening = NOT_PLANNED", CALL_TEAM),
    "feed.stopped_on": _past(AFTER_BIRTH),
    "mother.says": _tell("mother.says = LOW", "Regardez aussi la liste des signes chez la mère."),
    "pmi.presented": _tell("pmi.presented = NOT_YET", "La question reviendra à la prochaine visite."),
    "grid.s3_signal": _tell("grid.s3_signal = true ET who.alone != YES", NOT_ALONE),
    "grid.s3_safe": (
        *_tell("grid.s3_safe = NO", NO_CALL),
        *_tell("grid.s3_safe = ONLY_TIMES", ONLY_TIMES),
    ),
    "epds.missing": _tell(f"epds.missing = true ET {ALL_TEN}", NONE_IS_EMPTY, severity="error"),
    "res.entry.contact": (Check(kind="phone", text="Ce numéro n'existe pas : vérifiez, ou laissez vide."),),
    "need.prev.contact_on": _past(),
    "need.item.urgency": _tell("need.item.urgency = TODAY", TODAY_IS_A_CALL, severity="error"),
    "sfl.next_on": (Check(kind="date-min", bound="VISIT_DAY", text="Cette date est avant la visite."),),
    "ue.sf_plan": _tell("ue.sf_plan = NOT_PLANNED", CALL_TEAM),
    "note.free": (
        Check(
            kind="plain-words",
            severity="warning",
            text="Relisez : pas de numéro de téléphone ni de diagnostic dans une note.",
        ),
    ),
    "sign.confirm": (Check(kind="must-be-true", text="Cochez quand vous avez relu."),),
    # E2: these ten lose their obligation when the mother left an answer empty.
    **{f"epds.i{number:02d}": (Check(kind="required-unless", when="epds.missing = true"),) for number in range(1, 11)},
}

# Held by the engine as a whole (computed values, alerts, one block per child) or by the actions that store.
ELSEWHERE = {
    "visit.outcome", "visit.started_at", "visit.ended_at", "visit.joint",
    "mother.flag_any", "mother.flags", "home.flags", "alert", "alert.family",
    "child", "child.ref", "child.flag_any", "child.flags", "child.sleep.place", "child.exam.k02",
    "child.cert.cs8", "feed.trouble", "feed.goal.same", "feed.goal.kind", "sleep", "coparent.says",
    "res.entry.service", "pmi.relay_consent",
    "grid.status",
    "epds", "epds.status", "epds.language", "epds.total", "epds.procedure",
    "need.prev", "need.prev.state", "need.prev.contact", "need.prev.oriented",
    "need.item.code", "need.item.about", "need.item.action", "need.item.target", "need.item.entry",
    "need.item.agreed", "sfl.link", "sfl.none", "v3.ask", "v3.early_ask",
    "dev.duration", "dev.window", "dev.late",
}  # fmt: skip
