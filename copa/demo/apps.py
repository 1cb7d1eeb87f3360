from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "copa.demo"
    label = "demo"
    verbose_name = "démonstration"
