"""Runs that the server carries out, what is told of them, and what the routes about them share."""
