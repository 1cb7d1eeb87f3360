"""The kernel is an application without tables: it brings commands, template tags and system checks."""

from django.apps import AppConfig
from django.core import checks

from copa.kernel import deployment


class KernelConfig(AppConfig):
    """Registers the deployment checks."""

    name = "copa.kernel"
    label = "kernel"
    verbose_name = "noyau"

    def ready(self) -> None:
        checks.register(deployment.check_pdf_libraries, checks.Tags.files)
