"""The lines of the calendar of mother and child, from domain.md 5. A change of law is a new row, never a correction."""

from datetime import date
from typing import Any

from pathways.enums import CalendarAnchor, CalendarCondition, CalendarDuty, CalendarSubject, CalendarUnit

MOTHER, CHILD, FAMILY = CalendarSubject.MOTHER, CalendarSubject.CHILD, CalendarSubject.FAMILY
MANDATORY, RECOMMENDED = CalendarDuty.MANDATORY, CalendarDuty.RECOMMENDED
OPTIONAL, INFORMATION, PROGRAMME = CalendarDuty.OPTIONAL, CalendarDuty.INFORMATION, CalendarDuty.PROGRAMME
DOCTOR, DOCTOR_OR_MIDWIFE = "médecin", "médecin ou sage-femme"
DECREE = "arrêté du 26 février 2019"
# A14: the examination of the first month is mandatory for births before this day, recommended from then on.
FIRST_MONTH_CHANGED = date(2025, 1, 1)


def _days(start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"anchor": CalendarAnchor.BIRTH, "unit": CalendarUnit.DAYS, "start": start, "end": end, **more}


def _months(start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"anchor": CalendarAnchor.BIRTH, "unit": CalendarUnit.MONTHS, "start": start, "end": end, **more}


def _since(anchor: str, start: int, end: int, words: str) -> dict[str, Any]:
    """Days counted from something that may not have happened yet: `words` stand until it has."""
    return {"anchor": anchor, "unit": CalendarUnit.DAYS, "start": start, "end": end, "words": words}


def _undated(words: str) -> dict[str, Any]:
    return {"anchor": CalendarAnchor.NONE, "unit": CalendarUnit.DAYS, "words": words}


def _line(
    code: str, subject: str, label: str, when: dict[str, Any], duty: str, who: str, basis: str, **more: Any
) -> dict[str, Any]:
    line = {"code": code, "subject": subject, "label": label, "duty": duty, "who": who, "legal_basis": basis}
    return {**line, "is_noted": duty in {MANDATORY, RECOMMENDED, OPTIONAL}, **when, **more}


def _exam(code: str, label: str, when: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _line(code, CHILD, label, {**when, "tolerance_days": 0, **more}, MANDATORY, DOCTOR, DECREE)


_FIRST_MONTH = ("K03", CHILD, "Examen du premier mois")
_TABLE: tuple[dict[str, Any], ...] = (
    # R223: offered from the fourth month of pregnancy, mandatory since 1 May 2020.
    _line(
        "EPP",
        MOTHER,
        "Entretien prénatal précoce",
        _undated("pendant la grossesse, dès le 4e mois"),
        MANDATORY,
        DOCTOR_OR_MIDWIFE,
        "obligatoire depuis le 1er mai 2020",
    ),
    # R017: overdue on D+9.
    _exam("K01", "Examen des 8 premiers jours", _days(0, 8), certificate="CS8"),
    # A15: life-days 8 to 14, flagged after D+15.
    _exam("K02", "Examen de la deuxième semaine", _days(7, 13), tolerance_days=2),
    _line(
        *_FIRST_MONTH,
        _days(21, 30, tolerance_days=0),
        MANDATORY,
        DOCTOR,
        DECREE,
        births_to=date(2024, 12, 31),
    ),
    _line(
        *_FIRST_MONTH,
        _days(21, 30),
        RECOMMENDED,
        DOCTOR,
        "n’est plus obligatoire pour les naissances depuis le 1er janvier 2025",
        births_from=FIRST_MONTH_CHANGED,
    ),
    # K04: the examination of month n is due from (n–1) to n months.
    *(_exam(f"K04.{n}", f"Examen du {n}e mois", _months(n - 1, n)) for n in range(2, 7)),
    _exam("K05", "Examen du 9e mois", _months(8, 9), certificate="CS9"),
    _exam("K06.12", "Examen du 12e mois", _months(11, 12)),
    _exam("K06.13", "Examen du 13e mois", _months(12, 13)),
    _exam("K06.16", "Examen entre le 16e et le 18e mois", _months(15, 18)),
    _exam("K06.24", "Examen du 24e ou du 25e mois", _months(23, 25), certificate="CS24"),
    _line(
        "K07",
        CHILD,
        "Certificat de santé envoyé à la PMI du département",
        _since(CalendarAnchor.EXAM, 0, 8, "dans les 8 jours après l’examen"),
        INFORMATION,
        "le médecin qui a fait l’examen",
        "code de la santé publique",
    ),
    # R015: mandatory since 1 July 2022; shown from D+28, counted from D+22.
    _line(
        "K08",
        MOTHER,
        "Entretien postnatal précoce",
        _days(28, 56, accepted_start=22, tolerance_days=0),
        MANDATORY,
        DOCTOR_OR_MIDWIFE,
        "L. 2122-1 du code de la santé publique, loi 2021-1754 article 86",
    ),
    _line(
        "K09",
        MOTHER,
        "Deuxième entretien postnatal",
        _days(70, 98),
        OPTIONAL,
        "le professionnel du premier entretien",
        "proposé pour un premier enfant, ou si quelque chose inquiète",
    ),
    # R016: beside the interview, never instead of it.
    _line(
        "K10",
        MOTHER,
        "Consultation médicale postnatale",
        _days(42, 56, tolerance_days=0),
        MANDATORY,
        DOCTOR_OR_MIDWIFE,
        "6 à 8 semaines après l’accouchement",
    ),
    _line(
        "K11",
        MOTHER,
        "Suivi de la sage-femme à la maison",
        _days(0, 12),
        OPTIONAL,
        "sage-femme libérale",
        "pris en charge à 100 % jusqu’au 12e jour",
    ),
    _line(
        "K12",
        MOTHER,
        "Deux séances postnatales",
        _days(8, 98),
        OPTIONAL,
        "sage-femme",
        "seule ou en groupe, jusqu’à la 14e semaine",
    ),
    # R022: 24 elapsed hours after the discharge.
    _line(
        "K13",
        MOTHER,
        "Première visite Prado",
        {"anchor": CalendarAnchor.DISCHARGE, "unit": CalendarUnit.HOURS, "start": 0, "end": 24, "tolerance_days": 0},
        OPTIONAL,
        "sage-femme libérale",
        "Prado : dans les 24 heures après la sortie",
        condition=CalendarCondition.PRADO,
    ),
    _line("K14", FAMILY, "Visites CoPa 1 et 2", _days(2, 21), PROGRAMME, "auxiliaire de puériculture", "CoPa v2"),
    _line(
        "K15",
        FAMILY,
        "Visite de sortie ultra-précoce",
        {"anchor": CalendarAnchor.DISCHARGE, "unit": CalendarUnit.DAYS, "start": 0, "end": 1},
        PROGRAMME,
        "auxiliaire de puériculture",
        "CoPa v2",
        condition=CalendarCondition.ULTRA_EARLY,
    ),
    _line(
        "K16",
        FAMILY,
        "Visite CoPa 3, si besoin",
        _since(CalendarAnchor.SECOND_VISIT, 1, 21, "après la visite 2, jusqu’à J21"),
        PROGRAMME,
        "auxiliaire de puériculture, avec la PMI si possible",
        "CoPa v2",
        condition=CalendarCondition.THIRD_VISIT,
    ),
    _line("K17", FAMILY, "Relais vers la PMI", _days(21, 21), PROGRAMME, "puéricultrice de PMI", "CoPa v1 et v2"),
    _line(
        "K18",
        FAMILY,
        "Questionnaire de fin de parcours",
        _since(CalendarAnchor.LAST_VISIT, 0, 7, "dans la semaine après la dernière visite"),
        PROGRAMME,
        "parents",
        "CoPa v2, évaluation",
        condition=CalendarCondition.FOLLOWED,
    ),
    *(
        _line(
            f"K19.{n}",
            FAMILY,
            f"Questionnaire de suivi à {n} mois",
            _months(n, n),
            PROGRAMME,
            "parents",
            "CoPa v1 et v2, évaluation",
            condition=CalendarCondition.FOLLOWED,
        )
        for n in (2, 4)
    ),
    _line(
        "K20",
        CHILD,
        "Dépistage néonatal, vitamines K et D, pesée",
        _undated("selon le carnet de santé"),
        INFORMATION,
        "maternité, sage-femme ou médecin",
        "carnet de santé",
    ),
    # R021: on prescription, nothing to note for the AP.
    _line(
        "R021",
        MOTHER,
        "Rééducation périnéale et abdominale",
        _undated("sur prescription"),
        INFORMATION,
        "sage-femme ou kinésithérapeute",
        "prise en charge à 100 %",
    ),
)
LINES: tuple[dict[str, Any], ...] = tuple({"position": place, **line} for place, line in enumerate(_TABLE, start=1))
