"""A package, so that its server of scope "package" is stopped when the last of its tests has run."""
