"""The graph on the web: a SPARQL endpoint, pages, linked data and feeds, answered by a bounded pool of processes."""
