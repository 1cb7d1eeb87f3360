"""Documents of the programme that a territory may ask for: where they come from, and from whom (R089)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One document: what it is, who gives it, how it is asked for."""

    title: str
    words: str
    giver: str
    how: str


LIBRARY = (
    LibraryEntry(
        title="Cahier des charges du système d’information de CoPa v1",
        words="Ce que le système de la première phase de l’expérimentation devait faire.",
        giver="ARS Grand Est",
        how="L’ARS Grand Est le met à disposition des territoires retenus : demandez-le par votre ARS.",
    ),
)
