"""The pages of a parent who signed in (`territories.middleware.IN_SPACE` opens their scope): no key in them."""

from django.urls import re_path

from messaging.views import space

app_name = "space"
_SLUG = r"^(?P<slug>[-a-zA-Z0-9_]+)/"
urlpatterns = [
    re_path(rf"{_SLUG}$", space.home, name="home"),
    re_path(rf"{_SLUG}sortir/$", space.leave, name="leave"),
    re_path(rf"{_SLUG}fermer/$", space.close, name="close"),
    # Nothing else stands there: she is not asked for the password of a professional.
    re_path(rf"{_SLUG}.+$", space.lost, name="lost"),
]
