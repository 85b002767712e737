"""Rows in bulk, made by the database: incidents with believable texts over two years, articles with passages."""

from django.db import connection

from prsystem.core.database.ownership import as_owner

SUBJECTS = (
    "Prensa hidráulica,Inyectora,Robot de soldadura,Banda transportadora,Compresor,Torno CNC,Báscula,Impresora de "
    "etiquetas,Servidor de archivos,Red inalámbrica,Montacargas,Lector de códigos,Horno,Caldera,Empacadora,Bomba"
).split(",")
SYMPTOMS = (
    "se detiene sin aviso,muestra una alarma,no arranca,pierde presión,vibra demasiado,no imprime,mide fuera de "
    "tolerancia,se calienta,no responde,hace ruido,pierde la conexión,rechaza piezas buenas,tira aceite"
).split(",")
SENTENCES = (
    "El operador lo vio al inicio del turno.",
    "Se reinició dos veces y el problema vuelve a los diez minutos.",
    "La línea quedó parada y hay producto esperando en el almacén.",
    "El panel muestra el código y después se apaga.",
    "Mantenimiento cambió el sensor la semana pasada.",
    "Ocurre sólo cuando sube la velocidad por encima de la nominal.",
    "Calidad separó el lote y pide una respuesta antes del embarque.",
    "La temperatura de la zona tres queda por debajo del valor pedido.",
    "No hay refacción en el almacén; el proveedor pide dos días.",
    "El mismo problema apareció en la otra línea el mes pasado.",
    "La red de la planta estuvo lenta durante la mañana.",
    "Se revisó el cableado y no hay daño a la vista.",
)
COMMON_WORD = "línea"
RARE_CODE = "E-48213"
RARE_EVERY = 7000
OPEN_EVERY = 33
AREAS = 20

_AREAS = """
INSERT INTO accounts_area (code, name, is_active)
SELECT 'LINEA-' || lpad(n::text, 2, '0'), 'Línea ' || n, true
FROM generate_series(1, %(areas)s::int - (SELECT count(*)::int FROM accounts_area)) AS n
"""
_INCIDENTS = """
WITH people AS (SELECT array_agg(id ORDER BY id) AS ids FROM accounts_user),
places AS (SELECT array_agg(id ORDER BY id) AS ids FROM accounts_area),
base AS (
  SELECT n, now() - interval '730 days' + n * (interval '729 days' / %(last)s) AS at,
    abs(hashint4(n)) AS h1, abs(hashint4(n + 77000000)) AS h2, abs(hashint4(n + 177000000)) AS h3
  FROM generate_series(%(first)s::int, %(last)s::int) AS n
), drawn AS (
  SELECT *, CASE WHEN n %% %(open_every)s <> 0 THEN (ARRAY['cerrado', 'cerrado', 'resuelto'])[1 + h1 %% 3]
    ELSE (ARRAY['nuevo', 'nuevo', 'en_progreso', 'en_espera'])[1 + h2 %% 4] END AS state
  FROM base
)
INSERT INTO incidents_incident (title, description, area_id, state, level, impact, urgency, priority, lang, source,
  external_reference, reporter_id, reporter_label, assignee_id, automatic, solution, cause, waiting_reason,
  paused_seconds, level_since, response_warn_at, response_due_at, resolution_warn_at, resolution_due_at, created_at,
  updated_at, resolved_at, closed_at, reopened_count, version)
SELECT (%(subjects)s::text[])[1 + h1 %% %(subject_count)s] || ' ' || (1 + h2 %% 40) || ' '
    || (%(symptoms)s::text[])[1 + h3 %% %(symptom_count)s],
  (%(sentences)s::text[])[1 + h1 %% 12] || ' ' || (%(sentences)s::text[])[1 + h2 %% 12] || ' '
    || (%(sentences)s::text[])[1 + h3 %% 12] || ' Equipo ' || (%(subjects)s::text[])[1 + h1 %% %(subject_count)s]
    || ', alarma E-' || (1000 + h3 %% 9000) || CASE WHEN n %% %(rare_every)s = 0 THEN ' y %(rare)s.' ELSE '.' END,
  places.ids[1 + h2 %% cardinality(places.ids)], state, (ARRAY['L1', 'L1', 'L1', 'L2', 'L3'])[1 + h3 %% 5], 2, 2,
  (ARRAY['P1', 'P2', 'P3', 'P3', 'P3', 'P4'])[1 + h1 %% 6], 'es', 'sintético', '',
  people.ids[1 + h2 %% cardinality(people.ids)], 'sintético',
  CASE WHEN state = 'nuevo' THEN NULL ELSE people.ids[1 + h3 %% cardinality(people.ids)] END, '{}',
  CASE WHEN state IN ('cerrado', 'resuelto') THEN 'Se cambió la pieza y se ajustó el parámetro.' ELSE '' END, '', '',
  0, at, at + interval '3 hours', at + interval '4 hours', at + interval '20 hours', at + interval '40 hours', at,
  at + interval '1 day', CASE WHEN state IN ('cerrado', 'resuelto') THEN at + interval '1 day' END,
  CASE WHEN state = 'cerrado' THEN at + interval '2 days' END, 0, 1
FROM drawn, people, places
ORDER BY n
"""


def incidents_up_to(total: int) -> None:
    """Fill the table up to `total` incidents in AREAS areas; one in OPEN_EVERY is open, one in RARE_EVERY names
    RARE_CODE."""
    params = {
        "last": total,
        "open_every": OPEN_EVERY,
        "rare_every": RARE_EVERY,
        "subjects": SUBJECTS,
        "subject_count": len(SUBJECTS),
        "symptoms": SYMPTOMS,
        "symptom_count": len(SYMPTOMS),
        "sentences": list(SENTENCES),
    }
    with connection.cursor() as cursor:
        cursor.execute(_AREAS, {"areas": AREAS})
        cursor.execute("SELECT count(*) FROM incidents_incident")
        first = cursor.fetchone()[0] + 1
        cursor.execute(_INCIDENTS.replace("%(rare)s", RARE_CODE), {**params, "first": first})
    vacuum("incidents_incident")


def vacuum(*tables: str) -> None:
    """What autovacuum does in a while, done now; only the owner of a table may."""
    with as_owner("default"), connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")
