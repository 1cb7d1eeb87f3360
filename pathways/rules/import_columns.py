"""Which column of a maternity's list holds what: the fields of an import, and how headings are recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copa.kernel.french import normalised


@dataclass(frozen=True, slots=True)
class ImportField:
    """One thing a list may say of a birth. `headings` are as compared; the first ones are the surest."""

    key: str
    label: str
    headings: tuple[str, ...]
    is_required: bool = False


FIELDS: tuple[ImportField, ...] = (
    ImportField(
        "birth_name",
        "Nom de naissance de la mère",
        (
            "nom de naissance",
            "nom naissance",
            "nom de naissance mere",
            "nom de naissance de la mere",
            "nom naissance mere",
            "nom de jeune fille",
            "nom patronymique",
            "nom de famille",
            "nom mere",
            "nom de la mere",
            "mere nom",
            "mere nom de naissance",
            "nom",
            "nom patiente",
            "patiente",
            "birth name",
        ),
        is_required=True,
    ),
    ImportField(
        "used_name",
        "Nom utilisé",
        (
            "nom utilise",
            "nom d usage",
            "nom usuel",
            "nom usage",
            "nom marital",
            "nom d epouse",
            "mere nom d usage",
            "nom d usage mere",
            "nom utilise mere",
            "used name",
        ),
    ),
    ImportField(
        "first_names",
        "Prénoms de la mère",
        (
            "prenoms",
            "prenom",
            "prenom mere",
            "prenoms mere",
            "prenom de la mere",
            "prenoms de la mere",
            "mere prenom",
            "mere prenoms",
            "prenom patiente",
            "prenom utilise",
            "first names",
        ),
        is_required=True,
    ),
    ImportField(
        "birth_on",
        "Date de naissance de la mère",
        (
            # Whatever names the mother first: beside it, a bare « Date naissance » is the child's.
            "date de naissance mere",
            "date de naissance de la mere",
            "date naissance mere",
            "mere date de naissance",
            "naissance mere",
            "ddn mere",
            "nee le",
            "mere nee le",
            "date de naissance",
            "date naissance",
            "ddn",
            "birth date",
        ),
        is_required=True,
    ),
    ImportField(
        "phone",
        "Téléphone",
        (
            "telephone",
            "tel",
            "portable",
            "telephone portable",
            "tel portable",
            "mobile",
            "telephone mere",
            "tel mere",
            "numero de telephone",
            "phone",
        ),
    ),
    ImportField(
        "email",
        "Adresse e-mail",
        ("e mail", "email", "mail", "courriel", "adresse e mail", "adresse mail", "adresse email"),
    ),
    ImportField(
        "born_on",
        "Jour de la naissance",
        (
            "date d accouchement",
            "date accouchement",
            "accouchement",
            "date de l accouchement",
            "date et heure d accouchement",
            "date heure accouchement",
            "date de naissance enfant",
            "date de naissance de l enfant",
            "date naissance enfant",
            "enfant date de naissance",
            "date de naissance bebe",
            "date de naissance du bebe",
            "naissance enfant",
            "naissance",
            "ne le",
            "jour de naissance",
            "date et heure de naissance",
            "date heure naissance",
            "date d acc",
            "born on",
        ),
        is_required=True,
    ),
    ImportField(
        "born_at",
        "Heure de la naissance",
        (
            "heure de naissance",
            "heure naissance",
            "heure d accouchement",
            "heure accouchement",
            "heure",
            "heure de l accouchement",
            "heure naissance enfant",
            "born at",
        ),
    ),
    ImportField(
        "mode",
        "Mode de naissance",
        (
            "mode de naissance",
            "mode d accouchement",
            "mode accouchement",
            "mode naissance",
            "voie d accouchement",
            "voie accouchement",
            "voie",
            "type d accouchement",
            "mode",
        ),
        is_required=True,
    ),
    ImportField(
        "parity",
        "Parité",
        (
            "parite",
            "parite mere",
            "gestite parite",
            "gestite et parite",
            "gp",
            "premier enfant",
            "rang de naissance",
            "parity",
        ),
        is_required=True,
    ),
    ImportField(
        "term",
        "Terme, en semaines",
        (
            "terme",
            "terme sa",
            "age gestationnel",
            "ag",
            "sa",
            "semaines",
            "terme en sa",
            "terme semaines",
            "semaines d amenorrhee",
            "term",
        ),
    ),
    ImportField(
        "child_first_name",
        "Prénom de l’enfant",
        (
            "prenom enfant",
            "prenom de l enfant",
            "prenom bebe",
            "prenom du bebe",
            "enfant prenom",
            "prenom nouveau ne",
            "prenoms enfant",
        ),
    ),
    ImportField(
        "child_sex",
        "Sexe de l’enfant",
        ("sexe", "sexe enfant", "sexe de l enfant", "sexe bebe", "enfant sexe", "sexe nouveau ne", "sexe du bebe"),
    ),
    ImportField(
        "child_weight",
        "Poids de naissance",
        (
            "poids",
            "poids de naissance",
            "poids naissance",
            "pn",
            "poids enfant",
            "poids g",
            "poids en grammes",
            "poids naissance g",
            "enfant poids",
            "poids de naissance g",
        ),
    ),
    ImportField(
        "hospitalised",
        "Enfant hospitalisé",
        ("hospitalise", "enfant hospitalise", "neonatologie", "neonat", "mutation", "encore hospitalise"),
    ),
    ImportField(
        "outcome",
        "Issue (vivant, mort-né…)",
        (
            "issue",
            "vitalite",
            "etat enfant",
            "etat de l enfant",
            "etat a la naissance",
            "ne vivant",
            "vivant",
            "issue de grossesse",
        ),
    ),
    ImportField(
        "secrecy",
        "Accouchement sous secret (oui, non)",
        (
            "accouchement sous secret",
            "accouchement sous x",
            "accouchement secret",
            "sous secret",
            "sous x",
            "secret",
            "anonymat",
            "anonyme",
            "confidentialite",
            "dossier confidentiel",
        ),
    ),
    ImportField(
        "coparent_name",
        "Nom du co-parent",
        (
            "nom co parent",
            "nom coparent",
            "nom conjoint",
            "nom pere",
            "nom du pere",
            "nom du conjoint",
            "co parent nom",
            "nom 2e parent",
            "nom du co parent",
        ),
    ),
    ImportField(
        "coparent_first_names",
        "Prénoms du co-parent",
        (
            "prenom co parent",
            "prenom coparent",
            "prenom conjoint",
            "prenom pere",
            "prenom du pere",
            "prenom du conjoint",
            "co parent prenom",
            "prenom du co parent",
        ),
    ),
    ImportField(
        "coparent_phone",
        "Téléphone du co-parent",
        (
            "telephone co parent",
            "telephone coparent",
            "telephone conjoint",
            "tel conjoint",
            "telephone pere",
            "tel pere",
            "telephone du co parent",
        ),
    ),
    ImportField("address", "Adresse", ("adresse", "adresse postale", "rue", "adresse 1", "voie et numero", "address")),
    ImportField("postal_code", "Code postal", ("code postal", "cp", "postal")),
    ImportField("commune", "Commune", ("commune", "ville", "localite", "commune de residence", "city")),
    ImportField(
        "finess",
        "FINESS de la maternité",
        ("finess", "finess maternite", "n finess", "numero finess", "finess geographique"),
    ),
)
BY_KEY = {field.key: field for field in FIELDS}
REQUIRED = tuple(field.key for field in FIELDS if field.is_required)
_HEADINGS = {heading: field.key for field in FIELDS for heading in field.headings}
KNOWN_HEADINGS = frozenset(_HEADINGS)
# Birth dates of nobody in particular: the mother's, but beside one that names her.
BARE_BIRTH_DATES = frozenset({"date de naissance", "date naissance", "ddn", "birth date"})
# What somebody has looked at and set aside, in what is remembered.
IGNORED = "-"


def proposed_columns(headings: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
    """A field for each column, "" where none is recognised, IGNORED where one was set aside before.

    `remembered` is what was said last time, by heading as compared. Each field stands once: where two columns might
    hold it (« Nom », « Nom de naissance »), the surest heading has it.
    """
    names = [normalised(heading) for heading in headings]
    columns = [remembered.get(name, "") if name else "" for name in names]
    columns = [
        key if key == IGNORED or (key in BY_KEY and key not in columns[:place]) else ""
        for place, key in enumerate(columns)
    ]
    for field in FIELDS:
        free = [place for place, name in enumerate(names) if not columns[place] and name in field.headings]
        if free and field.key not in columns:
            columns[min(free, key=lambda place: field.headings.index(names[place]))] = field.key
    _give_bare_to_the_child(names, columns)
    return columns


def _give_bare_to_the_child(names: Sequence[str], columns: list[str]) -> None:
    """Beside a column that names the mother's, a bare birth date is the child's, where no other column holds it."""
    if "born_on" in columns or "birth_on" not in columns or names[columns.index("birth_on")] in BARE_BIRTH_DATES:
        return
    bare = [place for place, name in enumerate(names) if not columns[place] and name in BARE_BIRTH_DATES]
    if len(bare) == 1:
        columns[bare[0]] = "born_on"


def missing_fields(columns: Sequence[str]) -> list[str]:
    """The labels of the required fields that no column holds."""
    return [BY_KEY[key].label for key in REQUIRED if key not in columns]


def is_understood(headings: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether nobody need look: all that is required is there, and no named column is left unsaid."""
    unsaid = [heading for heading, key in zip(headings, columns, strict=True) if heading and not key]
    return not missing_fields(columns) and not unsaid


def remembered_columns(headings: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """What to remember of a list whose columns were said: a column without a field was set aside."""
    named = ((normalised(heading), key) for heading, key in zip(headings, columns, strict=True))
    return {name: key or IGNORED for name, key in named if name}


def unread_columns(headings: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The headings that nothing is read from, because nobody knows them or somebody set them aside."""
    pairs = enumerate(zip(headings, columns, strict=True), start=1)
    return [heading or f"colonne {place}" for place, (heading, key) in pairs if key in {"", IGNORED}]
