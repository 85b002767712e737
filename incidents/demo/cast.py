"""Who and where, as rows: people and areas of the demo by the names that the plan uses."""

from dataclasses import dataclass

from prsystem.accounts.models import Area, User
from prsystem.core.context import Actor


@dataclass(frozen=True)
class Cast:
    """Areas by code and people by user name."""

    areas: dict[str, Area]
    users: dict[str, User]

    def user(self, username: str | None) -> User | None:
        return self.users[username] if username else None

    def actor(self, name: str) -> Actor:
        """A person, or else the system of that name which reported through the API."""
        user = self.users.get(name)
        return Actor("user", name, user.pk) if user else Actor("api_key", name)
