"""What the editors wrote: read, checked, and turned into the nouns that the other rooms share."""
