"""People of the company directory (LDAP, Active Directory). Imports python-ldap only where LDAP_SERVER is set."""
