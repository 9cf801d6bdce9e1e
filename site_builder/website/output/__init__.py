"""The site's folder: brought up to date, swapped in, served, and how hosts are to deliver it."""
