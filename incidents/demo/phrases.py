"""What people say while an incident is worked on. Written for no problem in particular, so that each fits many."""

ON_THE_WAY = (
    "Ya lo vi, voy para allá.",
    "Tomado. ¿Sigue pasando en este momento o ya arrancó?",
    "Enterado, en 10 minutos estoy con ustedes.",
    "Lo reviso en cuanto suelte la junta de las 9, no tardo.",
    "Estoy en la nave 3, paso de regreso.",
    "Recibido. Por favor no le muevan nada hasta que llegue.",
    "Ya estoy viendo el historial, parece que no es la primera vez.",
    "Lo tomo yo. Si empeora márquenme a la extensión 4190.",
    "Voy con el técnico del turno para verlo juntos.",
    "Lo estoy revisando de forma remota, les aviso si necesito ir.",
)
ON_THE_WAY_EN = (
    "Got it, on my way.",
    "Taken. Is it still happening or did it recover?",
    "Looking into it. Please leave it as it is until I get there.",
)
REPORTER_ANSWERS = (
    "Sí, sigue igual.",
    "Gracias, aquí estoy en la línea, pregunten por mí con el supervisor.",
    "ya paro otra vez, acaba de pasar",
    "Le dije al turno siguiente que lo espere, yo salgo a las 2:30.",
    "Tomé foto con el celular, se la enseño cuando venga.",
    "no se ha movido nada",
    "¿Tienen hora aproximada? Es para avisar a planeación.",
    "Me dicen que en el otro turno también les pasó y no lo reportaron.",
    "ok gracias quedo al pendiente",
    "Bajó un poco pero no se quita del todo.",
)
INTERNAL_NOTES = (
    "Se parece a un caso de hace unas semanas; reviso el artículo antes de desarmar nada.",
    "El reporte del turno anterior no menciona nada. Preguntar a quien estuvo en la noche.",
    "Ojo: hay auditoría el jueves, dejar evidencia con foto.",
    "Refacción en almacén: quedan dos. Ya pedí que aparten una.",
    "No cerrar hasta ver un turno completo sin repetición.",
    "Lo vi con proceso: ellos no movieron parámetros.",
    "Si se repite esta semana lo subimos como problema recurrente.",
    "Hablé con el proveedor, confirma que el procedimiento del artículo es el correcto.",
    "Se probó primero lo más sencillo (reinicio) y volvió en 20 minutos.",
    "El operador es nuevo, valdría la pena reforzar la instrucción de trabajo.",
    "Queda anotado en la bitácora del área con hora y valores.",
    "Riesgo para el embarque de mañana; avisé al jefe de turno.",
)
SAFETY_NOTES = (
    "Se bloqueó y etiquetó antes de intervenir. Candado 17.",
    "Seguridad ya está enterada y viene en camino.",
    "Supervisor de turno presente durante la prueba.",
)
WAIT_REASONS = {
    "PROD": ("Espera de ventana de producción", "Espera de molde en taller", "Espera de material de prueba"),
    "MANT": (
        "Espera de refacción en almacén",
        "Espera de visita del proveedor",
        "Espera del paro del domingo",
    ),
    "CAL": ("Espera de respuesta del cliente", "Espera de resultado de laboratorio externo", "Espera de muestra nueva"),
    "TI": ("Espera de respuesta del usuario", "Espera de autorización del jefe", "Espera de respuesta del fabricante"),
    "LOG": (
        "Espera de respuesta del transportista",
        "Espera de la otra planta",
        "Espera de conteo físico",
    ),
}
WAIT_COMMENTS = (
    "Lo dejo en espera: {reason}. Les aviso en cuanto haya novedad.",
    "{reason}; mientras tanto se trabaja con la medida temporal.",
    "Se pausa el caso. Motivo: {reason}.",
)
ESCALATION_REASONS = {
    "PROD": (
        "Ya se hizo lo de la hoja y regresa",
        "Necesita ingeniería de proceso",
        "Hay que revisar el molde",
    ),
    "MANT": (
        "Requiere instrumentista",
        "Hay que entrar al programa del PLC",
        "No se resuelve con ajuste",
    ),
    "CAL": ("Requiere decisión de Calidad", "Posible afectación al cliente", "Hay que repetir el estudio"),
    "TI": ("Es del lado del servidor", "Requiere permisos que L1 no tiene", "Afecta a más de un área"),
    "LOG": ("Necesita ajuste en SAP con autorización", "Hay que hablar con el agente o el cliente", "Falla del equipo"),
}
THANKS = (
    "Ya quedó, muchas gracias.",
    "Probado en el turno 2, todo bien.",
    "excelente, gracias inge",
    "Confirmo, ya no ha vuelto a pasar.",
    "Quedó, gracias por venir tan rápido.",
    "ya jala bien",
    "Gracias. ¿Pueden pasarlo al otro turno para que sepan?",
    "Listo por nuestra parte, pueden cerrar.",
)
THANKS_EN = ("Works again, thank you.", "Confirmed on second shift, all good.")
AFTERWORDS = (
    "",
    "",
    "",
    "Quedó en observación un turno sin repetirse.",
    "Se avisó al supervisor del siguiente turno.",
    "Se dejó el aviso para revisarlo en el próximo preventivo.",
    "El usuario confirmó en sitio.",
    "Se repasó el procedimiento con el operador.",
    "Tiempo total de paro anotado en el reporte de turno.",
)
CRISIS = (
    "Paro confirmado. Abro puente con producción y mantenimiento, extensión 4500.",
    "Contención hecha, nadie en riesgo. Seguimos con la causa.",
    "Causa localizada, se está interviniendo. Siguiente aviso en 15 minutos.",
    "Prueba en vacío correcta. Se arranca a media velocidad con el supervisor presente.",
    "Se restableció. Vigilancia reforzada lo que resta del turno.",
)
MERGED = (
    "Es el mismo evento que el reporte anterior, se juntan para no trabajarlo dos veces.",
    "Duplicado: ya lo está atendiendo un compañero en el otro caso.",
)
RELAPSE_REASONS = (
    "Volvió a pasar en el mismo turno.",
    "Duró un rato y regresó la falla.",
    "Se probó y sigue igual.",
    "Quedó bien en vacío, con carga falla otra vez.",
)
