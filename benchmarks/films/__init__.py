"""Our films beside those of others: `python -m benchmarks.films FOLDER`."""
