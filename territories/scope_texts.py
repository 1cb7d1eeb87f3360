"""What an auxiliary may do, in the words of the law: versions, each with its source (R102, A18).

A version is never rewritten: another law is another version, with the day from which it holds.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Block:
    """One block of competences and what stands in it."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScopeText:
    """One version: the day from which it holds, where it comes from, what it lists, what stays outside."""

    code: str
    valid_from: date
    sources: tuple[str, ...]
    blocks: tuple[Block, ...]
    limits: tuple[str, ...]


SCOPE_TEXTS = (
    ScopeText(
        code="2021-06-10",
        valid_from=date(2021, 6, 10),
        sources=(
            "Arrêté du 10 juin 2021 relatif à la formation conduisant au diplôme d’État d’auxiliaire de puériculture, "
            "article 1 et annexe II",
            "Article R4311-4 du code de la santé publique",
        ),
        blocks=(
            Block(
                "Accompagnement et soins de la vie quotidienne et sociale",
                (
                    "Accompagner l’enfant dans les actes essentiels de la vie quotidienne et de la vie sociale",
                    "Élaborer des activités d’éveil, de loisirs et d’accompagnement adaptées à l’enfant",
                    "Repérer les situations à risque de l’enfant et de son entourage, et les prévenir",
                ),
            ),
            Block(
                "Évaluation de l’état clinique et soins adaptés, en collaboration",
                (
                    "Apprécier l’état de la personne pour adapter son accompagnement",
                    "Faire les soins adaptés à l’état de l’enfant",
                    "Accompagner la personne dans son installation et ses déplacements",
                ),
            ),
            Block(
                "Information et accompagnement des personnes et de leur entourage",
                (
                    "Communiquer de façon adaptée, informer et accompagner la personne et son entourage",
                    "Informer et former les pairs et les personnes en formation",
                ),
            ),
            Block(
                "Entretien de l’environnement et du matériel",
                (
                    "Entretenir les lieux et le matériel en prévenant les risques",
                    "Repérer et signaler les anomalies",
                ),
            ),
            Block(
                "Travail en équipe et transmission",
                (
                    "Rechercher, traiter et transmettre ce qui assure la continuité des soins",
                    "Organiser son activité et coopérer au sein de l’équipe",
                ),
            ),
        ),
        limits=(
            "Les soins se font en collaboration, dans les limites de ses compétences et sous la responsabilité d’une "
            "infirmière ou d’une puéricultrice.",
            "Aucun acte médical ni diagnostic : ce qu’elle observe va à l’équipe médicale de référence.",
        ),
    ),
)


def scope_on(day: date) -> ScopeText:
    """The version that holds on this day; the first one before any."""
    holding = [one for one in SCOPE_TEXTS if one.valid_from <= day]
    return holding[-1] if holding else SCOPE_TEXTS[0]
