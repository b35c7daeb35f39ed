"""The picture of a view: what is shown, in which colours, as JSON or as a file."""
