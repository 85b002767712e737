"""Model Context Protocol: what an assistant on somebody's desk may look up here, with an API key."""
