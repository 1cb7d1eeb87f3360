#!/usr/bin/env python
"""Command line of the platform. Without DJANGO_SETTINGS_MODULE it runs the demonstration settings."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copa.settings.dev")
    execute_from_command_line(sys.argv)
