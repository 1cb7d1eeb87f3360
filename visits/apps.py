from django.apps import AppConfig
from django.utils.module_loading import import_string


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = "visites"

    def ready(self) -> None:
        import_string("visits.receivers.connect")()
