"""Who stands around a family, why somebody leaves, why a file was opened in an emergency."""

from django.db import models

# The type of the directory under which a midwife of the PMI is found.
PMI_ENTRY = "PMI_CENTRE"


class CircleRole(models.TextChoices):
    """What somebody does for the family (peers: membership with its end; R068, R221)."""

    LIBERAL_MIDWIFE = "LIBERAL_MIDWIFE", "Sage-femme libérale"
    GENERAL_PRACTITIONER = "GENERAL_PRACTITIONER", "Médecin traitant"
    PAEDIATRICIAN = "PAEDIATRICIAN", "Médecin de l’enfant"
    PSYCHOLOGIST = "PSYCHOLOGIST", "Psychologue"
    PMI_NURSE = "PMI_NURSE", "Puéricultrice de PMI"
    PMI_MIDWIFE = "PMI_MIDWIFE", "Sage-femme de PMI"
    # R221: RéPAP gives a personal referent from pregnancy to the child's third month.
    REPAP_REFERENT = "REPAP_REFERENT", "Référent parcours RéPAP"
    SOCIAL_WORKER = "SOCIAL_WORKER", "Assistante sociale"
    HOME_HELP = "HOME_HELP", "TISF ou aide à domicile"
    INTERPRETER = "INTERPRETER", "Interprète"
    OTHER = "OTHER", "Autre professionnel"


class CircleEnd(models.TextChoices):
    """Why somebody is no longer in the circle; asked with the date."""

    FINISHED = "FINISHED", "Son suivi est terminé"
    FAMILY_WISH = "FAMILY_WISH", "La famille ne le souhaite plus"
    REPLACED = "REPLACED", "Quelqu’un d’autre a pris le relais"
    LEFT = "LEFT", "Elle ou il a quitté son poste"
    MISTAKE = "MISTAKE", "Ajout par erreur"


# inclusion.md, incl.sfl.entry: the midwife who comes home is a liberal one, or one of the PMI.
HOME_MIDWIVES = (CircleRole.LIBERAL_MIDWIFE, CircleRole.PMI_MIDWIFE)
# The three people asked about at the inclusion (R068, R076).
ASKED_AT_INCLUSION = (CircleRole.LIBERAL_MIDWIFE, CircleRole.GENERAL_PRACTITIONER, CircleRole.PAEDIATRICIAN)
