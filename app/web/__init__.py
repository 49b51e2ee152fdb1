"""Everything about HTTP and nothing about the shop."""
