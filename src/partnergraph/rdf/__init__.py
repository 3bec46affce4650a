"""Terms and names of RDF: prefixes, short names, finding names, reading and writing Turtle."""
