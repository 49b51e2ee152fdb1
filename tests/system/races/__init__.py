"""A package, so that its server, a fixture of scope "package", stops after the last of its tests."""
