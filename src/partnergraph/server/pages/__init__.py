"""The pages: one function a page, from a graph and parameters to bytes; the same for a server and for files."""
