"""What comes from outside: what a query may not ask for, how much it may take, the process it runs in."""
