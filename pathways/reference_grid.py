"""The versions of the vulnerability grid (domain.md 4.2, visit-report.md 9); labels to check with HAS 2024."""

from datetime import date
from typing import Any

from pathways.enums import GridDomain, GridTicker, ScreenedPerson, Sensitivity

VERSIONS: tuple[dict[str, Any], ...] = (
    {
        "version": "2026.1",
        "label": "Grille de repérage 2026.1, provisoire",
        # The first day of the second version of the programme (A27).
        "valid_from": date(2025, 12, 1),
    },
    # V8 whole (domain.md 4.2).
    {
        "version": "2026.2",
        "label": "Grille de repérage 2026.2, provisoire",
        "valid_from": date(2026, 11, 1),
    },
)
FAMILY, CHILD, MOTHER = ScreenedPerson.FAMILY, ScreenedPerson.CHILD, ScreenedPerson.MOTHER

# Domain, sensitivity, domain and question of the report ("" when it is not asked there), psychosocial (R056), and per
# factor: code (the option of the report where it has one), label, whom it is about.
DOMAINS: tuple[tuple[str, str, str, str, bool, tuple[tuple[str, str, str], ...]], ...] = (
    (
        GridDomain.V1,
        Sensitivity.S2,
        "SOCIAL",
        "grid.social",
        True,
        (
            ("HOUSING", "Logement absent ou précaire", FAMILY),
            ("FOOD_MONEY", "Se nourrir, payer : difficile", FAMILY),
            ("NO_COVER", "Pas de couverture santé", FAMILY),
            ("PAPERS", "Papiers, droit au séjour", FAMILY),
            ("ISOLATED", "Isolement", FAMILY),
            ("TRANSPORT", "Pas de moyen de se déplacer", FAMILY),
            ("LANGUAGE", "Langue, lecture", FAMILY),
            ("DIGITAL", "Pas d’internet ou de téléphone", FAMILY),
        ),
    ),
    (
        GridDomain.V2,
        Sensitivity.S2,
        "",
        "",
        True,
        (
            ("UNDER_18", "Moins de 18 ans", MOTHER),
            ("VERY_YOUNG", "Très jeune", MOTHER),
            ("OTHER_MINOR", "Autre mineur à sa charge", FAMILY),
        ),
    ),
    (
        GridDomain.V3,
        Sensitivity.S3,
        "",
        "",
        False,
        (
            ("PARTNER_VIOLENCE", "Violences dans le couple, actuelles ou passées", MOTHER),
            ("OTHER_VIOLENCE", "Autres violences", MOTHER),
            ("FGM", "Mutilation génitale", MOTHER),
            ("TRAFFICKING", "Traite, exploitation", MOTHER),
        ),
    ),
    (
        GridDomain.V4,
        Sensitivity.S3,
        "",
        "",
        False,
        (
            ("DEPRESSION_ANXIETY", "Dépression ou anxiété, dans son histoire", MOTHER),
            ("PSYCHIATRIC", "Trouble psychiatrique", MOTHER),
            ("SUICIDAL", "Idées suicidaires", MOTHER),
            ("TRAUMATIC_BIRTH", "Naissance traumatique", MOTHER),
            ("PERINATAL_LOSS", "Deuil périnatal", MOTHER),
            ("DENIAL", "Déni de grossesse", MOTHER),
        ),
    ),
    (
        GridDomain.V5,
        Sensitivity.S2,
        "ADDICTION",
        "grid.addiction",
        True,
        (
            ("TOBACCO", "Tabac au foyer", FAMILY),
            ("ALCOHOL", "Alcool", FAMILY),
            ("DRUGS", "Autres produits", FAMILY),
            ("MEDICINES", "Médicaments pris autrement que prévu", FAMILY),
            ("SCREENS_GAMES", "Jeux, écrans", FAMILY),
        ),
    ),
    (
        GridDomain.V6,
        Sensitivity.S2,
        "DISABILITY",
        "grid.disability",
        True,
        (
            ("MOTOR", "Moteur", FAMILY),
            ("SENSORY", "Vue, audition", FAMILY),
            ("COGNITIVE", "Compréhension", FAMILY),
            ("CHRONIC", "Maladie longue", FAMILY),
            ("CHILD_SPECIAL", "Besoin particulier de l’enfant", CHILD),
        ),
    ),
    (
        GridDomain.V7,
        Sensitivity.S3,
        "",
        "",
        False,
        (
            ("PRISON", "Prison", FAMILY),
            ("JUDICIAL", "Mesure de justice", FAMILY),
            ("CHILD_PROTECTION", "Mesure de protection de l’enfance, actuelle ou passée", FAMILY),
        ),
    ),
    (
        GridDomain.V8,
        Sensitivity.S1,
        "NEONATAL",
        "grid.neonatal",
        False,
        (
            ("SEPARATED", "Mère et bébé séparés un temps", MOTHER),
            ("HARD_BIRTH", "Naissance mal vécue, dite par la mère", MOTHER),
            ("FEEDING_HARD", "Alimentation difficile", CHILD),
            ("MULTIPLE", "Jumeaux ou plus : charge lourde", FAMILY),
        ),
    ),
    (
        GridDomain.V9,
        Sensitivity.S2,
        "FAMILY",
        "grid.family",
        True,
        (
            ("SINGLE", "Parent seul", FAMILY),
            ("TENSIONS", "Tensions dans le couple", FAMILY),
            ("COPARENT_AWAY", "Co-parent absent", FAMILY),
            ("COPARENT_TIRED", "Co-parent à bout", ScreenedPerson.COPARENT),
            ("SIBLINGS_CLOSE", "Enfants très rapprochés", FAMILY),
            ("SIBLING_TROUBLE", "Un aîné va mal", FAMILY),
            ("BOND_WORRY", "Le lien interroge", FAMILY),
            ("EXHAUSTED", "Épuisement", FAMILY),
        ),
    ),
    (
        GridDomain.R,
        Sensitivity.S1,
        "STRENGTHS",
        "grid.strengths",
        False,
        (
            ("SUPPORT", "Entourage présent", FAMILY),
            ("FOLLOWED", "Suivie par une sage-femme", MOTHER),
            ("PMI_KNOWN", "PMI connue", FAMILY),
            ("MUTUAL_AID", "Association, groupe", FAMILY),
            ("WORK", "Emploi, revenus stables", FAMILY),
            ("GOOD_EXPERIENCE", "Expérience heureuse d’un aîné", FAMILY),
            ("ASKS_HELP", "Sait demander de l’aide", FAMILY),
        ),
    ),
)


# What a version adds to DOMAINS, by domain. Facts of the birth: the report does not ask them again (visit-report.md 9).
ADDED: dict[str, dict[str, tuple[tuple[str, str, str], ...]]] = {
    "2026.2": {
        GridDomain.V8: (
            ("PREMATURE", "Naissance avant terme", CHILD),
            ("LOW_WEIGHT", "Petit poids de naissance", CHILD),
            ("MALFORMATION", "Malformation", CHILD),
            ("TRANSFER", "Transfert vers un autre service ou une autre maternité", FAMILY),
        ),
    },
}


def factors(version: str) -> list[dict[str, Any]]:
    """Every factor of a version, in the order of the grid."""
    rows: list[dict[str, Any]] = []
    for domain, sensitivity, form_domain, question, is_psychosocial, first in DOMAINS:
        added = ADDED.get(version, {}).get(domain, ())
        for code, label, about in (*first, *added):
            link_id = "" if (code, label, about) in added else question
            rows.append(
                {
                    "code": f"{domain}_{code}",
                    "domain": domain,
                    "label": label,
                    "sensitivity": sensitivity,
                    # G1: what is sealed is confirmed by the team.
                    "ticker": GridTicker.TEAM if sensitivity == Sensitivity.S3 else GridTicker.CARE,
                    "about": about,
                    "is_psychosocial": is_psychosocial,
                    "position": len(rows) + 1,
                    "form_domain": form_domain,
                    "link_id": link_id,
                    "option": code if link_id else "",
                }
            )
    return rows
