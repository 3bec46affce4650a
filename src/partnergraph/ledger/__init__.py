"""What a number is made of: deals, houses, and the entries that every sum is made from. A store comes in, triples go out."""
