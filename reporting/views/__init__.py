"""Pages of reporting: inside a territory, and above territories."""
