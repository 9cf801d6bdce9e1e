"""A how-to becomes print."""
