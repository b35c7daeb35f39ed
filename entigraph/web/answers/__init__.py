"""What the routes answer, worked out from the corpus: rows and passages in the shapes of `shapes`."""
