"""What this app writes to people, one module per subject: no name, no reference, no place, no health word (L13)."""
