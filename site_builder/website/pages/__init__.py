"""HTML of every page, and what stands in it: lists, social cards, structured data, the print desk, the build report."""
