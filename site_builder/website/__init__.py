"""All of it becomes pages."""
