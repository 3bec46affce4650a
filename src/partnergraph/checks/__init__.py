"""Whether the content is right."""
