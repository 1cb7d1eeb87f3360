from django.apps import AppConfig
from django.utils.module_loading import import_string


class PathwaysConfig(AppConfig):
    name = "pathways"
    verbose_name = "parcours"

    def ready(self) -> None:
        import_string("pathways.receivers.connect")()
