"""What other programs follow: news (Atom), films (podcast), the sitemap, library.json."""
