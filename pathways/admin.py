"""Support sees that families are behind the wall."""

from django.contrib import admin

from pathways.models import Family, ProgrammeRules
from territories.admin import WalledAdmin

admin.site.register(Family, WalledAdmin)


@admin.register(ProgrammeRules)
class ProgrammeRulesAdmin(admin.ModelAdmin):
    """Versions of the programme, read-only: a pathway points at them."""

    list_display = ["code", "label", "valid_from", "valid_to"]

    def has_change_permission(self, request: object, obj: object = None) -> bool:  # type: ignore[override]
        return False
