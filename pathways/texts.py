"""The texts a mother is given, each under its version: one changed word is a new version (forms/inclusion.md 5, 6)."""

ADHESION_VERSION = "adhesion-2026.1-fr"

# (version, what the collector chooses)
NOTICES = (
    ("notice-2026.1-fr", "Information sur vos données"),
    ("notice-falc-2026.1-fr", "Version facile à lire"),
)
