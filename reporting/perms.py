"""Who may read figures and take exports."""

from copa.kernel.access import Perm, everything
from reporting.enums import RunState
from territories.enums import PILOTS, MandateRole, Role

SEE_FIGURES = Perm(
    code="reporting.see_figures",
    label="Voir les indicateurs du territoire",
    model="reporting.Figure",
    roles=PILOTS | {Role.ADMINISTRATOR},
    where=everything,
)
COMPUTE_FIGURES = Perm(
    code="reporting.compute_figures",
    label="Recalculer les indicateurs du territoire",
    model="reporting.Figure",
    roles=PILOTS,
    where=everything,
)
SEE_EXPORTS = Perm(
    code="reporting.see_exports",
    label="Voir où en sont les exports",
    model="reporting.ExportRun",
    roles=PILOTS | {Role.ADMINISTRATOR},
    where=everything,
)
REQUEST_EXPORT = Perm(
    code="reporting.request_export",
    label="Demander l’export trimestriel",
    model="reporting.ExportRun",
    roles=frozenset({Role.COORDINATOR, Role.PMI_DOCTOR}),
    where=everything,
)
DOWNLOAD_EXPORT = Perm(
    code="reporting.download_export",
    label="Télécharger l’export trimestriel",
    model="reporting.ExportRun",
    roles=frozenset({Role.COORDINATOR, Role.PMI_DOCTOR}),
    where=lambda runs, member: runs.filter(state=RunState.DONE),
)
# Crosses territories: row-level security lets through the figures of the mandate's region, nothing else.
SEE_REGION = Perm(
    code="reporting.see_region",
    label="Voir les chiffres de la région",
    model="reporting.Figure",
    roles=frozenset({MandateRole.ARS_OFFICER, MandateRole.NATIONAL, MandateRole.EVALUATOR}),
    where=lambda figures, mandate: figures.current(),
    manager="unscoped",
)
