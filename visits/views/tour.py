"""Where whoever makes visits goes on from one of them."""

from django.http import HttpRequest

from copa.kernel.links import here
from visits import perms


def tour(request: HttpRequest) -> str:
    """The AP to her day, whoever makes a visit for the PMI to hers (R077)."""
    return here("visits:day") if perms.SEE_DAY.is_held_by(request.member) else here("visits:own")
