"""What everything stands on and nothing of RDF: errors, progress, files, optional packages, spreadsheets."""
