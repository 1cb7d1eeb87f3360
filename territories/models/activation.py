"""When a territory began, and who led it then (R034)."""

from django.db import models

from territories.models.base import Member, TerritoryRow


class Activation(TerritoryRow):
    """The territory became active, led by these two; written once and never changed."""

    append_only = True

    coordinator = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="+", verbose_name="sage-femme coordinatrice"
    )
    pmi_doctor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="médecin de PMI")
    activated_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    activated_at = models.DateTimeField("quand")

    class Meta:
        verbose_name = "mise en service"
        verbose_name_plural = "mises en service"
        constraints = [
            models.UniqueConstraint(
                fields=["territory"],
                name="activation_once",
                violation_error_message="Ce territoire est déjà actif.",
            )
        ]

    def __str__(self) -> str:
        return f"activation of {self.activated_at:%Y-%m-%d}"
