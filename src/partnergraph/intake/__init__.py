"""What users bring: spreadsheets and articles become drafts, and drafts that a person has accepted become content."""
