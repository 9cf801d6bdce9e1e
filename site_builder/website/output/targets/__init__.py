"""One file for each host that a site can be published on."""
