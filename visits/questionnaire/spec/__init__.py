"""Reader of docs/forms/*.md: makes the form definition, never runs with the platform."""
