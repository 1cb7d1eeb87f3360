"""The kernel is an application without tables: it brings commands, template tags and system checks."""

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules

from copa.kernel import deployment


class KernelConfig(AppConfig):
    """Registers the deployment checks."""

    name = "copa.kernel"
    label = "kernel"
    verbose_name = "noyau"

    def ready(self) -> None:
        # The role catalogue is complete before the first request: an undeclared code must raise, not be late.
        autodiscover_modules("perms")
        checks.register(deployment.check_pdf_libraries, checks.Tags.files)
