"""Why somebody must look now."""

from django.db import models


class AlertKind(models.TextChoices):
    """Why somebody must look now."""

    REPORT_DUE_SOON = "report_due_soon", "Compte rendu bientôt en retard"
    REPORT_OVERDUE = "report_overdue", "Compte rendu en retard"
    CHILD_SIGN = "child_sign", "Signe d’alerte chez l’enfant"
    MOTHER_SIGN = "mother_sign", "Signe d’alerte chez la mère"
    PROTECTED = "protected", "Alerte protégée : appelez l’équipe"
    DEATH = "death", "Deuil dans une famille"


# Kinds raised by a sign seen at home: they come first and only an acknowledgement ends their wait.
SIGN_KINDS = frozenset({AlertKind.CHILD_SIGN, AlertKind.MOTHER_SIGN, AlertKind.PROTECTED})
# What is still told in mourning, every reminder being silent (A38).
TOLD_IN_MOURNING = SIGN_KINDS | {AlertKind.DEATH}
