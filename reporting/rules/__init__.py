"""Rules of reporting, pure: which case counts (`indicators`), which count may leave a territory (`masking`)."""
