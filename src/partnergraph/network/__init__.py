"""The entities joined by claims, as networkx has them."""
