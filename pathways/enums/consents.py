"""What the mother agreed to, and how she may be reached."""

from django.db import models


class ConsentPlace(models.TextChoices):
    """Where the adhesion was collected."""

    BEFORE_BIRTH = "BEFORE_BIRTH", "Avant la naissance"
    ROOM = "ROOM", "En chambre"
    HOME = "HOME", "À domicile"
    OTHER = "OTHER", "Autre"


class ConsentMode(models.TextChoices):
    """How the adhesion was given."""

    SCREEN = "SCREEN", "Sur la tablette"
    PAPER = "PAPER", "Sur papier"
    ORAL = "ORAL", "À l’oral, tracé"


class Recipient(models.TextChoices):
    """Who may receive reports beside the referring team, each with her own agreement (R076, A16)."""

    LIBERAL_MIDWIFE = "LIBERAL_MIDWIFE", "Ma sage-femme libérale"
    GENERAL_PRACTITIONER = "GENERAL_PRACTITIONER", "Mon médecin traitant"
    PAEDIATRICIAN = "PAEDIATRICIAN", "Le médecin de mon enfant"
    PMI = "PMI", "La PMI de mon quartier ou de ma commune"
    PSYCHOLOGIST = "PSYCHOLOGIST", "La ou le psychologue qui me suit"
    OTHER = "OTHER", "Une autre personne"


# As professionals say it; the questions speak with the mother's words.
RECIPIENT_WORDS: dict[str, str] = {
    Recipient.LIBERAL_MIDWIFE: "Sage-femme libérale",
    Recipient.GENERAL_PRACTITIONER: "Médecin traitant de la mère",
    Recipient.PAEDIATRICIAN: "Médecin de l’enfant",
    Recipient.PMI: "PMI",
    Recipient.PSYCHOLOGIST: "Psychologue",
}
# To whom no copy of each report leaves: who is opened the file reads it there, until a day (inclusion.md,
# cons.recipient.other: "stored as an explicit grant, with an end date").
_NO_COPY = "Lit le dossier si l’équipe le lui ouvre, jusqu’à une date. Aucune copie ne part toute seule."
NO_COPY_WORDS: dict[str, str] = dict.fromkeys((Recipient.PSYCHOLOGIST, Recipient.OTHER), _NO_COPY)


class AgreedContent(models.TextChoices):
    """What those recipients may read only when she says so apart (inclusion.md 3); never the child's doctor."""

    MOOD_SCORE = "MOOD_SCORE", "Y compris le résultat du questionnaire sur le moral"


# The recipients asked one by one on every form; anybody else is written by name.
ASKED_RECIPIENTS = tuple(recipient for recipient in Recipient if recipient != Recipient.OTHER)


class Document(models.TextChoices):
    """What may leave towards a recipient; `rules.routing` says to whom."""

    REPORT = "REPORT", "Compte rendu de visite"
    MOOD_SCORE = "MOOD_SCORE", "Résultat du questionnaire sur le moral"
    RELAY_FILE = "RELAY_FILE", "Dossier de relais"
    INCLUSION_SHEET = "INCLUSION_SHEET", "Fiche d’entrée"
    ORIENTATION = "ORIENTATION", "Orientation de la mère"
    CHILD_ORIENTATION = "CHILD_ORIENTATION", "Orientation de l’enfant"
    KIN_ORIENTATION = "KIN_ORIENTATION", "Orientation d’un proche"
    CHILD_CALENDAR = "CHILD_CALENDAR", "Examens et certificats de l’enfant"
    MINUTES = "MINUTES", "Compte rendu de réunion"
    # That something changed, told while the follow-up goes on; NOTICE is the last word of all, told after a stop too.
    NEWS = "NEWS", "Avis de nouveauté"
    NOTICE = "NOTICE", "Avis sans contenu"
    # An appointment she was asked to does not take place: told to nobody else, and needs no yes.
    CALLED_OFF = "CALLED_OFF", "Rendez-vous annulé"
    SEALED = "SEALED", "Compartiment protégé"


class SendingWay(models.TextChoices):
    """How something left towards a recipient."""

    MAIL = "MAIL", "E-mail sans contenu"
    SMS = "SMS", "SMS sans contenu"
    LINK = "LINK", "Lien de réponse"
    READING = "READING", "Lien de lecture"
    LETTER = "LETTER", "Lettre"
    PHONE = "PHONE", "Téléphone"


class NoticeForm(models.TextChoices):
    """How the information on her data was given."""

    READ = "READ", "Lue ensemble"
    GIVEN = "GIVEN", "Remise"
    TRANSLATED = "TRANSLATED", "Traduite"
    INTERPRETED = "INTERPRETED", "Avec interprète"


class MinorBeside(models.TextChoices):
    """Who is beside a mother under eighteen; her own parents are never told by the platform (L16)."""

    ALONE = "ALONE", "Seule, c’est son choix"
    ADULT_CHOSEN = "ADULT_CHOSEN", "Un adulte qu’elle a choisi"
    PARENT = "PARENT", "Un parent"
    SERVICE = "SERVICE", "Un professionnel"


class Agreement(models.TextChoices):
    """Answer to one recipient; LATER is read as no."""

    YES = "YES", "Oui"
    NO = "NO", "Non"
    LATER = "LATER", "Plus tard"


class Collector(models.TextChoices):
    """Who collected an adhesion: nobody else may (R067)."""

    MIDWIFE = "MIDWIFE", "Sage-femme"
    AP = "AP", "Auxiliaire de puériculture CoPa"


class SafeChannel(models.TextChoices):
    """How a family may be reached; a voice mail is a call that nobody answers."""

    SMS = "SMS", "SMS"
    EMAIL = "EMAIL", "E-mail"
    CALL = "CALL", "Appel"
    VOICE_MAIL = "VOICE_MAIL", "Message vocal"
    SPACE = "SPACE", "Espace parents"


class WishedChannel(models.TextChoices):
    """How she wants to be told between the visits (inclusion.md, [channel]); NONE stands alone."""

    SMS = "SMS", "SMS"
    EMAIL = "EMAIL", "E-mail"
    CALL = "CALL", "Appel"
    SPACE = "SPACE", "Espace parents"
    NONE = "NONE", "Ne pas la contacter entre les visites"


class ContactHours(models.TextChoices):
    """When the mother may be called."""

    MORNING = "MORNING", "Le matin"
    AFTERNOON = "AFTERNOON", "L’après-midi"
    EVENING = "EVENING", "Le soir"
    ANY = "ANY", "À toute heure"


class GrantReason(models.TextChoices):
    """Why one family is opened to one professional by name."""

    LIBERAL_MIDWIFE = "LIBERAL_MIDWIFE", "Suit la mère à domicile"
    FOLLOWS = "FOLLOWS", "Suit la mère ou l’enfant"
    ORIENTATION = "ORIENTATION", "Orientation"
    EMERGENCY = "EMERGENCY", "Urgence (bris de glace)"
