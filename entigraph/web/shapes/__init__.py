"""What the routes of the studio take and give, as types: the OpenAPI page and the page's client come from them."""
