"""What a number is made of: deals, houses, amounts."""
