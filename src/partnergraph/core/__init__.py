"""The graph as the code sees it: asking it, looking things up in it, restricting it to a view."""
