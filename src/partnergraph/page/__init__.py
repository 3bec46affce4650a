"""The interactive map: one HTML file that works offline."""
