"""Documents become a graph of entities and relations."""
