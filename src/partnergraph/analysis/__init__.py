"""What analysts ask of the network; every function takes a graph or a view of it, every row cites its claims."""
