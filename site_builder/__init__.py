"""How-tos and one-minute masters in; a library for phones and a counter full of leaflets out."""

__version__ = "0.1.0"
