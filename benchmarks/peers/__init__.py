"""Other servers that answer some of the shop's requests from the same database; see ../README.md."""
