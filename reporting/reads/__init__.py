"""What the pages, files and documents of reporting show, as frozen values: a territory's own, and a region's."""
