"""What a user may choose about the files; a format takes what concerns it."""

from dataclasses import dataclass

from kg.vocabulary import BASE

PROFILES = ("core", "evidence", "full")


@dataclass(frozen=True, slots=True)
class Settings:
    """`base` is what IRIs begin with; `profile` is how much RDF says: core, evidence or full."""

    base: str = BASE
    profile: str = "evidence"
