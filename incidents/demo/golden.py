"""Questions in other words than the articles use, each with the article that answers it: for checks of retrieval."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """`slug` is the article that should be among the first hits."""

    text: str
    slug: str


GOLDEN = (
    Question(
        "la inyectora Engel no completa el llenado y se regresa el plástico, qué anillo se cambia",
        "iny-07-alarma-e-4012-por-presion-de-inyeccion-que-no-llega-al-valor",
    ),
    Question(
        "barrera óptica de seguridad se corta sin que haya gente en la prensa",
        "prensa-pr-03-no-cierra-cortina-de-luz-en-falso",
    ),
    Question(
        "salen ojos de pescado al pintar, sospecho del aire comprimido", "crateres-en-la-pintura-por-aceite-en-el-aire"
    ),
    Question(
        "material mojado, vetas plateadas en piezas de nylon", "humedad-en-poliamida-rafagas-plateadas-en-la-pieza"
    ),
    Question(
        "la operadora sintió toques eléctricos al acercarse a la tolva",
        "operador-de-iny-05-recibe-descarga-leve-al-tocar-la-tolva",
    ),
    Question(
        "nos quedamos sin aire comprimido porque el compresor se calentó y se apagó",
        "compresor-ga75-se-dispara-por-alta-temperatura-de-descarga",
    ),
    Question(
        "después de un corte de luz el controlador de la línea se quedó detenido y no arranca",
        "plc-s7-1500-en-stop-despues-de-un-apagon",
    ),
    Question(
        "se fue la energía y el generador encendió pero no alimentó la planta",
        "planta-de-emergencia-no-entra-al-fallar-cfe",
    ),
    Question("balero SKF-6205 hace ruido", "rodamiento-skf-6205-ruidoso-en-el-motor-de-la-banda-bt-07"),
    Question("el drive marca F30004 y para el ventilador extractor", "variador-sinamics-g120-con-falla-f30004"),
    Question(
        "un cliente encontró piezas izquierdas revueltas con derechas",
        "reclamo-de-cliente-pieza-mezclada-en-caja",
    ),
    Question(
        "mismo componente da otra medida en la noche que en la mañana",
        "resultados-de-la-cmm-distintos-entre-turnos-en-la-misma-pieza",
    ),
    Question("instrumento con fecha de verificación pasada en uso", "calibracion-vencida-detectada-en-piso"),
    Question(
        "el sistema de inspección por cámara tira producto bueno por reflejos",
        "camara-de-vision-keyence-rechaza-piezas-buenas-por-brillo",
    ),
    Question(
        "trabajo remoto: la conexión segura se detiene por un certificado caducado",
        "vpn-no-conecta-desde-casa-no-se-pudo-validar-el-certificado",
    ),
    Question(
        "label printer gives empty labels after changing the ribbon",
        "impresora-zebra-zt411-imprime-etiquetas-en-blanco",
    ),
    Question(
        "las cantidades producidas no llegan al ERP, la interfaz está parada",
        "mes-sin-conexion-con-sap-confirmaciones-atoradas",
    ),
    Question(
        "mis documentos quedaron cifrados y piden un rescate",
        "equipo-cifrado-por-ransomware-en-una-estacion-de-trabajo",
    ),
    Question(
        "el almacén vertical automático se detuvo con una bandeja a medio sacar",
        "kardex-shuttle-xp-detenido-charola-fuera-de-posicion",
    ),
    Question("M7 021 al dar salida de mercancía", "no-sale-la-entrega-en-vl02n-deficit-de-stock"),
    Question(
        "vigilancia no deja salir al tráiler porque falta el comprobante fiscal de transporte",
        "camion-sin-carta-porte-no-puede-salir-de-planta",
    ),
    Question("huele a gas donde guardan los cilindros", "manguera-de-gas-lp-danada-en-zona-de-tanques"),
)
