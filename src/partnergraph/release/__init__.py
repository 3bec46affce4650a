"""A release: what others need to build on a state of the content and to cite it; one module a kind of file."""
