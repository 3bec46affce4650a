"""Tools for assistants: the graph over the Model Context Protocol, every answer cited, bounded and cleaned."""
