"""What is learned from a site's finished cases. Nothing heavy is imported here."""

# How a triage model tells its label, as it is kept: by words, or by words and vectors.
METHODS = WORDS, WORDS_AND_VECTORS = ("lineal", "ambos")
