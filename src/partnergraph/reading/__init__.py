"""What is known of a thing, as data, text and HTML: one module a thing."""
