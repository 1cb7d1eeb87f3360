from django.apps import AppConfig
from django.utils.module_loading import import_string


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "messagerie"

    def ready(self) -> None:
        import_string("messaging.receivers.connect")()
