"""Problems that come up again and again without an article."""
