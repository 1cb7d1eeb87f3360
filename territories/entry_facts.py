"""What is known of a resource beyond its name and its days (forms/directory-types.md 3): columns of the directory."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from territories.catalogue import Audience
from territories.enums import AskBy, Known
from territories.rules import LARGEST_RADIUS_KM


def _known(label: str) -> Any:
    return models.CharField(label, max_length=8, choices=Known.choices, default=Known.UNKNOWN)


# A point on the Earth in degrees, or none at all.
# « Is not null » is said aloud: a comparison with nothing refuses nothing.
POINT_WHOLE = Q(latitude=None, longitude=None) | Q(
    latitude__isnull=False,
    longitude__isnull=False,
    latitude__gte=-90,
    latitude__lte=90,
    longitude__gte=-180,
    longitude__lte=180,
)


class EntryFacts(models.Model):
    """Identifiers, way in, whom it receives, how it speaks, who gets in.

    `audiences` are letters of `Audience`, empty for those its type receives; `child_age_max` in months, None for any
    age. The last two are asked of a maternity alone (RS11, R011).
    """

    legal_name = models.CharField("raison sociale", max_length=160, blank=True)
    finess = models.CharField("FINESS", max_length=9, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    rpps = models.CharField("RPPS", max_length=11, blank=True)
    mssante = models.EmailField("messagerie sécurisée de santé", blank=True)
    access_text = models.CharField("pour venir", max_length=200, blank=True)
    on_holidays = _known("ouvert pendant les vacances")
    ask_by = models.CharField("comment demander", max_length=8, choices=AskBy.choices, default=AskBy.UNKNOWN)
    third_party = _known("tiers payant")
    video = models.BooleanField("reçoit en vidéo", default=False)
    in_group = models.BooleanField("en groupe", default=False)
    one_to_one = models.BooleanField("en individuel", default=False)
    audiences = ArrayField(
        models.CharField(max_length=1, choices=Audience.choices), verbose_name="publics", default=list, blank=True
    )
    child_age_max = models.PositiveSmallIntegerField("âge maximum de l’enfant, en mois", null=True, blank=True)
    coparent_welcome = _known("reçoit le coparent")
    siblings_welcome = _known("reçoit les aînés")
    minors_alone = _known("reçoit une mineure seule")
    interpreter = _known("interprète possible")
    sign_language = _known("langue des signes")
    falc_docs = _known("documents faciles à lire")
    quiet_room = _known("pièce calme")
    adapted_equipment = _known("matériel adapté")
    parking_disabled = _known("place de stationnement adaptée")
    has_discharge_organisation = _known("organisation de la sortie")
    has_pass = _known("a une PASS")
    # A sector by radius: from this point, in degrees; all three or none.
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    radius_km = models.PositiveSmallIntegerField("rayon, en kilomètres", null=True, blank=True)
    source = models.CharField("d’où viennent ces informations", max_length=120, blank=True)

    class Meta:
        abstract = True


# The form says the same in time; the keys themselves are checked there (copa.kernel.identifiers).
FACTS_CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(finess="") | Q(finess__regex=r"^[0-9]{9}$|^2[AB][0-9]{7}$"),
        name="directory_finess",
        violation_error_message="Un FINESS a neuf caractères.",
    ),
    models.CheckConstraint(
        condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$"),
        name="directory_siret",
        violation_error_message="Un SIRET a quatorze chiffres.",
    ),
    models.CheckConstraint(
        condition=Q(rpps="") | Q(rpps__regex=r"^[0-9]{11}$"),
        name="directory_rpps",
        violation_error_message="Un RPPS a onze chiffres.",
    ),
    models.CheckConstraint(
        condition=Q(audiences__contained_by=[one.value for one in Audience]),
        name="directory_audiences",
        violation_error_message="Choisissez des publics de la liste.",
    ),
    models.CheckConstraint(
        condition=Q(type="MATERNITY") | Q(has_discharge_organisation=Known.UNKNOWN, has_pass=Known.UNKNOWN),
        name="directory_maternity_only",
        violation_error_message="Cela ne se demande qu’à une maternité\u00a0: laissez «\u00a0Ne sait pas\u00a0».",
    ),
    models.CheckConstraint(
        condition=POINT_WHOLE
        & (
            Q(radius_km=None, latitude=None)
            | Q(radius_km__isnull=False, radius_km__gte=1, radius_km__lte=LARGEST_RADIUS_KM, latitude__isnull=False)
        ),
        name="directory_radius_whole",
        violation_error_message="Donnez le lieu et le rayon, de 1 à 200\u00a0km.",
    ),
    # R024: every commune has exactly one PMI centre, by its sector; a circle would give it two.
    models.CheckConstraint(
        condition=~Q(type="PMI_CENTRE") | Q(radius_km=None),
        name="directory_pmi_no_radius",
        violation_error_message="Une PMI de secteur a ses communes\u00a0: elle ne se dit pas par un rayon.",
    ),
]
