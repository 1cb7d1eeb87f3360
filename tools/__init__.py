"""Tools of development, run as `python -m tools.<name>`."""
