"""From a document to the spans that name people, countries and events: one spaCy component a module."""
