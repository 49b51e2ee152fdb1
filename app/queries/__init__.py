"""Read models: Core rows that are already what goes over the wire, in a constant number of statements."""
