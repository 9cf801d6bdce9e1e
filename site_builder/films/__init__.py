"""A master becomes films, stills and a poster."""
