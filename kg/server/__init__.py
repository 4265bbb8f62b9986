"""The graph as a page to look at (`page.py`), and as a server of that page, of JSON and of SPARQL (`app.py`)."""
