"""Spreadsheets and CSV as people make them, read row by row within bounds. Knows nothing of payouts."""
