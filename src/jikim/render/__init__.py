"""Documents that people read, made from values. Pure: the templates are read once, with the package."""
