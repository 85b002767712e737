"""Who works in the plant of the demo. The five accounts of the contract may sign in; the others only have names."""

from dataclasses import dataclass

AREAS = {
    "PROD": "Producción",
    "MANT": "Mantenimiento",
    "CAL": "Calidad",
    "TI": "Tecnologías de información",
    "LOG": "Logística",
}
EVERYWHERE = tuple(AREAS)


@dataclass(frozen=True)
class Person:
    """`role` is a role code of the product, held in `areas`; `works_in` is the area that reports are sent from."""

    username: str
    first_name: str
    last_name: str
    role: str
    areas: tuple[str, ...]
    works_in: str
    can_sign_in: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


PEOPLE = (
    Person("ana", "Ana", "Robles Cisneros", "reporter", EVERYWHERE, "PROD", can_sign_in=True),
    Person("luis", "Luis", "Ortega Medina", "l1", EVERYWHERE, "TI", can_sign_in=True),
    Person("marta", "Marta", "Villaseñor Ruiz", "l2", EVERYWHERE, "MANT", can_sign_in=True),
    Person("ivan", "Iván", "Cárdenas Lozano", "l3", EVERYWHERE, "TI", can_sign_in=True),
    Person("eva", "Eva", "Montemayor Garza", "admin", EVERYWHERE, "TI", can_sign_in=True),
    Person("jorge.tapia", "Jorge", "Tapia Herrera", "l1", ("PROD", "MANT", "LOG"), "MANT"),
    Person("sofia.renteria", "Sofía", "Rentería Campos", "l2", ("TI", "LOG"), "TI"),
    Person("hector.nava", "Héctor", "Nava Quintero", "l2", ("PROD", "MANT"), "MANT"),
    Person("paulina.cantu", "Paulina", "Cantú Elizondo", "l3", ("CAL", "PROD"), "CAL"),
    Person("chuy.mendoza", "Jesús", "Mendoza Rangel", "reporter", ("PROD",), "PROD"),
    Person("lupita.salas", "Guadalupe", "Salas Treviño", "reporter", ("PROD",), "PROD"),
    Person("beto.aguirre", "Roberto", "Aguirre Leal", "reporter", ("PROD",), "PROD"),
    Person("nancy.olvera", "Nancy", "Olvera Puente", "reporter", ("PROD",), "PROD"),
    Person("ramon.ibarra", "Ramón", "Ibarra Solís", "reporter", ("MANT",), "MANT"),
    Person("memo.castaneda", "Guillermo", "Castañeda Vega", "reporter", ("MANT",), "MANT"),
    Person("karla.benitez", "Karla", "Benítez Arroyo", "reporter", ("CAL",), "CAL"),
    Person("oscar.de-leon", "Óscar", "de León Marín", "reporter", ("CAL",), "CAL"),
    Person("dulce.farias", "Dulce", "Farías Montes", "reporter", ("TI",), "TI"),
    Person("tono.escobedo", "Antonio", "Escobedo Luna", "reporter", ("LOG",), "LOG"),
    Person("mayra.zuniga", "Mayra", "Zúñiga Pérez", "reporter", ("LOG",), "LOG"),
    Person("kevin.walters", "Kevin", "Walters", "reporter", ("PROD", "CAL"), "CAL"),
)
BY_USERNAME = {person.username: person for person in PEOPLE}
REPORTERS = tuple(person for person in PEOPLE if person.role == "reporter")


def support_of(level: str, area: str) -> list[str]:
    """User names of those who work on incidents of this level (`L1`...) in this area."""
    return [person.username for person in PEOPLE if person.role == level.lower() and area in person.areas]
