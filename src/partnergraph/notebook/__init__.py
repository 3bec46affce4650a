"""What a running IPython gets: %%sparql cells and their completion."""
