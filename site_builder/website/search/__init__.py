"""Search without a server: an index in small files, of which a phone loads the few that its query needs."""
