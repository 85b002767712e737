"""The private servers of an embedded instance, each started and watched by the rest."""
