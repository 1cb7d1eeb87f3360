"""Support: accounts and the organisation. What belongs to a territory stays behind its wall, here too."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from copa.kernel.scope import ScopedManager
from territories.enums import TerritoryStatus
from territories.models import Mandate, Region, Territory, User


class WalledAdmin(admin.ModelAdmin):
    """Read-only list of a territory table: row-level security shows nothing outside a territory.

    Registered so that support can see that the wall holds; a support session in a territory is a feature of its own.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        manager = self.model.unscoped if isinstance(self.model._default_manager, ScopedManager) else None
        rows: QuerySet[Any] = manager.all() if manager else super().get_queryset(request)
        return rows.order_by("pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    """Regions, by INSEE code."""

    list_display = ["code", "name"]


class TerritoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """A territory becomes active by its own page, which looks at who leads it (R034), never here."""

    def clean_status(self) -> str:
        """Any state but active, unless it is active already."""
        status: str = self.cleaned_data["status"]
        if status == TerritoryStatus.ACTIVE and self.initial.get("status") != TerritoryStatus.ACTIVE:
            raise forms.ValidationError("Un territoire s’active dans « Pilotage », par son administratrice.")
        return status


@admin.register(Territory)
class TerritoryAdmin(admin.ModelAdmin):
    """Territories and their state."""

    form = TerritoryForm
    list_display = ["name", "region", "typology", "status", "starts_on"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Accounts; passwords are set by their owner through the reset mail."""

    list_display = ["email", "first_name", "last_name", "is_active"]
    search_fields = ["email", "last_name"]
    fields = ["email", "first_name", "last_name", "rpps", "is_active", "is_staff"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Mandate)
class MandateAdmin(admin.ModelAdmin):
    """Roles above territories."""

    list_display = ["user", "role", "region", "starts_on", "ends_on"]
