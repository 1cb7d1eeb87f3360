"""What the layers above may receive, in the same transaction (style.md 5.1). Receivers stand in their `apps.py`.

`pathway_stopped` — arguments `pathway`, `state` (the new PathwayState: suspended, withdrawn, moved or bereaved), `by`
(Member) and `at`. Planned visits must fall silent before the transaction ends (A38): a later job would let one reminder
through. `pathway_resumed` — `pathway`, `by`, `at`: a suspension ended; `stopped_at` where a mourning noted by
mistake had begun then. `ap_assigned` — `pathway`, `ap`, `former`
(Member or None), `by`, `at`. `birth_moved` — `pathway`, `window` (its new days), `at`: the day of birth was corrected;
a receiver answers how many planned visits lie outside, or refuses. `child_removed` — `child`, typed by error; whoever
knows of facts about it raises `child_in_use`. `death_noted` and `death_undone` — `death`, `at`, once the birth and its
pathway have settled: what is told of that person alone ends, or comes back; the second with `stopped_at` (None where no
pathway had stopped), and a receiver may answer the Comeback of the visits.
`transfer_offered` — `pathway`,
`covers` (codes of TransferPart), `with_coparent` (whether every co-parent said yes himself): a receiver answers what of
it the mother sends along, as {"visits": [...], "reports": [...]}, never anything protected, and how many reports there
are to send, as {"report_count": n}, whatever `covers` names.
`visits_asked` — `pathway`: a receiver answers which visits were made and whether one is to come, as
{"visits": [...], "is_to_come": bool}.
`discharge_noted` — `birth`, `at`: the way home was noted, corrected or taken back. `epds_recorded` — `screening`, `at`.
`pmi_refused` — `family_id`, `at`: the mother no longer agrees to the PMI; what was arranged with it is taken back.
`space_closed` — `pathway`, `at`: she had kept her space after her visits, and stops it too.
"""

from django.dispatch import Signal

pathway_stopped = Signal()
pathway_resumed = Signal()
ap_assigned = Signal()
birth_moved = Signal()
child_removed = Signal()
death_noted = Signal()
death_undone = Signal()
transfer_offered = Signal()
visits_asked = Signal()
discharge_noted = Signal()
epds_recorded = Signal()
pmi_refused = Signal()
space_closed = Signal()
