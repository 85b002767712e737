"""Signs of text that speaks to a language model: a list for Spanish and English, matched on folded text."""

import re

from .words import fold

# Cyrillic and other letters that look Latin, and digits that stand for letters.
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһӏ0134@$5", "aeopcyxijsdhloieaass")
_SPELLED_OUT = re.compile(r"\b(?:\w[ .\-_*]){3,}\w\b")

_FORGET = (
    r"(?:(?:ignor|olvid|descart|desestim|anul|omit|salt)(?:a|e|ar|en|ad|ese|ate)"
    r"|forget|disregard|ignore|override|bypass|neglect|skip|haz caso omiso|deja de lado|no hagas caso|no sigas"
    r"|(?:do not|don'?t|stop) follow(?:ing)?)"
)
# People ignore or bypass single rules and instructions; what counts is "all", "yours", "previous" or what follows.
_RULES = (
    r"(?:instrucciones|indicaciones|reglas|directrices|lineamientos|ordenes|pasajes|contexto"
    r"|instructions|rules|guidelines|directives|prompts?|passages|context)"
)
_WHOSE = r"(?:todas|all|any|every|tus|your|anteriores|previas|previous|prior|above|earlier)"
_BEHIND = r"(?:anteriores|previas|previos|above|que recib\w+|que te \w+|you (?:were|have|received)|(?:y|e|and) \w+)"
_SAY = (
    r"(?:respond\w*|contest\w*|escrib\w*|imprim\w*|devuelv\w*|repit\w*|repet\w*|di"
    r"|reply|answer|print|say|output|write|repeat|return)"
)
_ONLY = r"(?:solo|solamente|unicamente|exactamente|literalmente|only|exactly|just|verbatim)"
_MACHINE = (
    r"(?:ia|ai|llm|modelo(?: de lenguaje)?|language model|model|chatbot|bot|asistente|assistant|gpt"
    r"|inteligencia artificial)"
)
_HIDDEN = (
    r"(?:(?:tus|your|system) (?:instrucciones|instructions)|prompt|api key|clave de api|credencial\w*|credential\w*"
    r"|contrasenas|passwords|secretos|secrets)"
)
_SHOW = (
    r"(?:revel\w*|muestr\w*|ensen\w*|filtr\w*|show|reveal|leak|print|expose|disclose|envia\w*|send|exfiltrat\w*|dump)"
)
_PATTERNS = (
    # forget the rules
    rf"\b{_FORGET}\b[^.;!?]{{0,30}}\b{_WHOSE}\b[^.;!?]{{0,30}}\b{_RULES}\b",
    rf"\b{_FORGET}\b[^.;!?]{{0,40}}\b{_RULES}\s+{_BEHIND}\b",
    rf"\b{_FORGET}\b.{{0,20}}\b(?:todo lo (?:anterior|previo|de arriba)|(?:everything|all) (?:above|before|prior))",
    rf"\b{_FORGET}\s+(?:todo|everything|all)(?:\s+(?:esto|eso|this|that))?\s*(?:,|\by\b|\band\b)\s*"
    rf"(?:luego |ahora |solo |then |now |only |just )?{_SAY}\b",
    r"\b(?:haz caso omiso|olvidate)\s+de\s+(?:lo que|los pasajes|las reglas|las instrucciones|todo)\b",
    r"\b(?:text|message|everything) above (?:was|is) (?:only |just )?(?:a test|an example|fake|wrong)\b",
    # new rules, or rules of a system
    r"\b(?:tus|your) (?:real |new |nuevas? )?(?:instrucciones|reglas|tarea|instructions|rules|task)\b.{0,12}"
    r"\b(?:han cambiado|cambiaron|ahora|have changed|has changed|is different|are different|now)\b",
    r"\b(?:your|tu) (?:real|true|actual|verdadera) (?:task|goal|tarea|mision)\b|\byou must (?:comply|obey)\b",
    r"\b(?:system|sistema|hidden|oculto)\s+prompt|\bprompt (?:del? )?(?:sistema|system|oculto|inicial)",
    r"\b(?:nuev[oa]s?|new)\s+(?:instrucci|orden|instruction|directiv|system message)\w*\s*[:.]",
    r"\b(?:obedece|obey|sigue|follow)\b.{0,25}\b(?:mis|my)\s+(?:instrucci|orden|instruction|order)\w*",
    # the marks of chat templates
    r"\b(?:system|developer) message\s*:|\bmensaje del? (?:sistema|desarrollador)\s*:|(?:^|[.!?] )assistant\s*:",
    r"<\|\s*(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id)|</?system>",
    r"\[/?inst\]|<<sys>>|###\s*(?:instru|system)",
    # another role
    r"\b(?:ahora eres|a partir de ahora (?:eres|seras|actua)|haz de cuenta que eres)\b",
    r"\b(?:you are now|from now on,? you (?:are|will|must|only))\b",
    r"\b(?:actua|actues|comportate|te comportes|act|behave|pretend|finge|simula)\s+(?:como si|as if|that you)\b",
    # Parts act as something too («la válvula actúa como un tope»): an order begins a clause.
    r"(?:^|[.,:;!?>*-] |\b(?:y|and|to|please|must|should|debes?) )"
    r"(?:actua|act|behave|finge|simula)\s+(?:como una?|as an?)\b|\b(?:actues|(?:te )?comport(?:es|ate)) como una?\b",
    r"\b(?:modo|mode)\s+(?:desarrollador|dan|dios|sin restricciones|developer|god|jailbreak)\b",
    r"\b(?:developer|jailbreak|dan|god)\s+mode\b|\bdo anything now\b",
    # addressed to a machine
    rf"\b(?:eres una?|soy una?|(?:as|you are|i am) an?)\s+(?!bot\b){_MACHINE}\b",
    r"\bcomo (?:una )?(?:ia|modelo de lenguaje)\b",
    rf"\b(?:para|al|a la|to the|to any|dear|estimad[oa]|attention|atencion|hey|oye)\s*:?\s+{_MACHINE}\b"
    r".{0,30}(?::|,|que (?:lea|resuma|procese)|reading|processing|read)",
    rf"\b(?:nota|aviso|mensaje|orden|instruccion|note|message|order|instruction)e?s?\s+(?:para|al?|to|for)\s+"
    rf"(?:el |la |the |any )?{_MACHINE}\b",
    r"\b(?:ia|ai|llm|modelo de lenguaje|language model|chatbot|asistente|assistant)\b\s+"
    r"(?:debe|debes|debera|tiene que|must|should|shall|has to)\b",
    r"\b(?:ai|llm) (?:systems?|models?|tools?|agents?)\b.{0,20}\b(?:must|should|reading|processing)\b",
    r"\b(?:quien|el que|whoever|anyone who)\s+(?:procese|resuma|process(?:es)?|summari[sz]es?)\s+(?:est[ea]|this)\b",
    r"\b(?:al|when|while)\s+(?:resumir|procesar|responder|summari[sz]ing|processing|answering)\s+(?:est[ea]|this)\s+"
    r"(?:ticket|reporte|incidente|incidencia|caso|texto|report|incident|case|text)\b",
    # what to say and what to leave out
    rf"\b{_SAY}\b.{{0,40}}\b(?:and nothing (?:more|else)|y nada mas)\b",
    rf"\b{_SAY}\s+{_ONLY}\b.{{0,25}}(?:\b(?:palabra|word|frase|phrase|lo siguiente|following)\b|[\"'«“`:])",
    rf"\b(?!print|imprim){_SAY}\s+{_ONLY}\b.{{0,25}}\b(?:con|with|texto|text)\b",
    r"\b(?:respond\w*|contest\w*|repit\w*|repet\w*|di|reply|answer|say|repeat)\s+(?:with |con )?"
    r"(?:la palabra|la frase|the word|the phrase)\b",
    r"\b(?:termina|incluye|anade|agrega|pon|cierra|empieza|end|start|begin|include|append|add|finish)\w*\b.{0,30}"
    r"\b(?:tu|su|la|cada|your|the|every|each)\s+(?:respuesta|answer|response|reply|sugerencia|suggestion)\b",
    r"\b(?:al final|al inicio|al principio|at the (?:end|start|beginning))\s+(?:de|of)\s+(?:tu|cada|your|every|each)\s+"
    r"(?:respuesta|answer|response|reply|sugerencia|suggestion)\b",
    r"\b(?:no|sin|don'?t|do not|never|nunca)\s+(?:cit\w+|mencion\w+|cite|mention)\b.{0,40}"
    r"\b(?:pasajes?|fuentes?|passages?|sources?)\b",
    # secrets
    rf"\b{_SHOW}\b.{{0,50}}\b{_HIDDEN}\b",
    # orders in another writing
    r"\b(?:decodifica|descifra|decode|deciphe?r|base64|rot13)\b.{0,60}\b(?:obedece|ejecuta|sigue|follow|obey|execute)\b",
)
# Two signs in one sentence: the answer, its rules or its maker are spoken of, and something is to be said or disobeyed.
_ABOUT = re.compile(
    r"\b(?:tus|sus|your|initial|iniciales|internas|prior|previous|anteriores|de sistema|del administrador)\s+"
    r"(?:instrucciones|instructions|directrices|guidelines|lineamientos|politicas|policies|restricciones|restrictions"
    r"|prompts?|contexto?|context|role|rol|reglas|rules)\b"
    r"|\b(?:instrucciones|directrices|lineamientos|politicas|reglas|restricciones|contexto|mensajes)\s+"
    r"(?:previ[ao]s?|anterior(?:es)?|internas|iniciales)\b"
    r"|\b(?:toda|cada|every|each|all|any|tu|your)\s+(?:respuestas?|answers?|repl(?:y|ies)|responses?|sugerencias?)\b"
    # Programs have assistants as well, which people use: «con el asistente», «el asistente para fórmulas».
    r"|(?<!mediante )(?<!con )(?<!en )(?<!desde )\bel asistente\b(?! (?:para|de)\b)"
    r"|\b(?:the assistant|asistente virtual|ai assistant|el chatbot|the chatbot|modelo de lenguaje"
    r"|para el modelo|for the model|la ia|the ai|the llm)\b"
    r"|\b(?:no|sin|without|any) (?:restrictions|restricciones|filtros|filters)\b|\b(?:the|los) (?:passages|pasajes)\b"
)
_TELLING = re.compile(
    r"\b(?:responde|responda|respondas|responder|contesta|conteste|contestar|escribe|imprime|imprimir|di|digas|decir"
    r"|repite|outputs?|prints?|respond|reply|answer|says?|repeat|contains?|contener|contenga|incluir|incluye|includes?"
    r"|mention|mencionar?|desobedece|ignora|ignore|olvida|forget|disregard|set aside|obedece|obey|eres|you are|you have"
    r"|you must|seras|fingir|pretend|act as|actua|produce|emit|emite|revela|reveal|libre)\b"
)
NEAR = 60  # characters
_ORDERS = tuple(re.compile(pattern) for pattern in _PATTERNS)


def gives_orders_visibly(text: str) -> bool:
    """Whether the text as it stands has a sign; lookalike letters and words spelled out are read through."""
    folded = " ".join(fold(text).split())
    readings = {folded, folded.translate(_LOOKALIKES), _SPELLED_OUT.sub(_joined, folded)}
    return any(_is_order(reading) for reading in readings)


def _is_order(reading: str) -> bool:
    if any(pattern.search(reading) for pattern in _ORDERS):
        return True
    return any(_is_told(part) for part in re.split(r"[.!?;]\s", reading))


def _is_told(part: str) -> bool:
    """Whether both signs stand near each other, and aren't the same words: «your answer» alone orders nothing."""
    for about in _ABOUT.finditer(part):
        before = part[max(about.start() - NEAR, 0) : about.start()]
        if _TELLING.search(before) or _TELLING.search(part[about.end() : about.end() + NEAR]):
            return True
    return False


def _joined(found: re.Match[str]) -> str:
    return re.sub(r"[ .\-_*]", "", found[0])
