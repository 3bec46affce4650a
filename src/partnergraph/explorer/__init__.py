"""The map: one offline HTML page of a view, written through pyvis."""
