"""Every address of the product; with settings, celery and pages, the only files that know every app."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from copa.pages import api, views

territory_pages = [
    path("", include("visits.urls")),
    path("", include("pathways.urls")),
    path("", include("messaging.urls")),
    path("", include("billing.urls")),
    path("", include("reporting.urls")),
    path("", include("territories.urls")),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("t/<slug:slug>/", include(territory_pages)),
    path("reponse/", include("pathways.link_urls")),
    path("lecture/", include("visits.link_urls")),
    path("places/", include("territories.link_urls")),
    path("entree/", include("messaging.link_urls")),
    path("espace/", include("messaging.space_urls")),
    path("ars/", include("reporting.ars_urls")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/t/<slug:slug>/", include((api.router.urls, "api"))),
    # allauth's page writes an unverified address when it is only looked at, and lets her add others.
    path("accounts/email/", views.account_email, name="account_email"),
    path("accounts/", include("allauth.urls")),
    # The admin's own form asks a password alone, unthrottled: a colleague would pass the second factor by it.
    path("admin/login/", RedirectView.as_view(pattern_name="home")),
    path("admin/", admin.site.urls),
]

handler404 = "copa.kernel.answers.not_found"
handler500 = "copa.pages.views.fault"
