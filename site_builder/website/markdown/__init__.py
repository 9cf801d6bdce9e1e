"""An editor's Markdown: cleaned, its links and pictures resolved, its mistakes told at their lines."""
