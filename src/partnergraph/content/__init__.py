"""Where content lies, the queries stored with it, and finding those that a person means."""
