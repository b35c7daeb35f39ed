"""The studio: a server of JSON routes over one corpus, and the page that uses them (built from `studio/`).

`shapes` says what the routes take and give, `routes` holds them, `desk` what they share, `guard` who may ask.
Everything goes through the functions that the command line uses. What needs FastAPI is imported only here.
"""
