"""How reports come in: by page, API, mail, machines and files of other systems."""
