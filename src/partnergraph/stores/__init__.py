"""Where triples are: in memory, on disk, in the user's cache, on a SPARQL server; loading, asking, sending."""
