"""What a phone needs to keep the site: the service worker, the web app's manifest, the list of serious corrections."""
