"""What leaves for a parent and what her space says (parents.md 5): each text with its discreet variant."""

from copa.kernel import gsm, one_time
from copa.kernel.french import NBSP

SMS: dict[str, tuple[str, str]] = {
    "otp": (
        f"Votre code{NBSP}: {{code}}. Il est valable 10 minutes. Ne le donnez pas.",
        f"Votre code{NBSP}: {{code}}. Valable 10 minutes.",
    ),
    "account": (
        f"CoPa{NBSP}: votre espace est ouvert. Pour y entrer{NBSP}: {{lien}}",
        f"Votre espace est ouvert. Pour y entrer{NBSP}: {{lien}}",
    ),
    "message": (
        f"CoPa{NBSP}: un message vous attend dans votre espace. {{lien}}",
        "Un message vous attend. {lien}",
    ),
}
# Subject, body; discreet subject, discreet body.
MAIL: dict[str, tuple[str, str, str, str]] = {
    "message": (
        "Un message vous attend",
        "Bonjour, un message vous attend dans votre espace. Nous répondons sur nos heures de travail. "
        "En cas d’urgence, appelez le 15. {lien}",
        "Un message vous attend",
        "Bonjour, un message vous attend. {lien}",
    )
}


def sms(key: str, *, is_discreet: bool, lien: str = "", code: str = "") -> str:
    """The SMS of this key; without its address where that would not fit into one, or is "" (inclusion.md, shared)."""
    words = SMS[key][is_discreet]
    text = words.format(lien=lien, code=code).strip()
    return text if not lien or _fits(text) else words.format(lien="", code=code).strip()


def _fits(text: str) -> bool:
    return len(" ".join(one_time.filled(text).split())) <= gsm.LENGTH


def mail(key: str, *, is_discreet: bool, lien: str) -> tuple[str, str]:
    """Subject and body of the mail of this key."""
    subject, body = MAIL[key][2:] if is_discreet else MAIL[key][:2]
    return subject, body.format(lien=lien).strip()
