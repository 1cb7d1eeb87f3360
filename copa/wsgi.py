"""The web server's door. It refuses to start as a role that row-level security does not hold."""

import os

from django.core.wsgi import get_wsgi_application

from copa.kernel import deployment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copa.settings.dev")
application = get_wsgi_application()
deployment.refuse_unsafe_role()
