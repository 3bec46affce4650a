"""A query from outside: what it may not ask for, how much it may take, the process it runs in."""
