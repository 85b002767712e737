"""Signs of text that speaks to a language model: a list for Spanish and English, matched on folded text."""

import re

from .words import fold

# Cyrillic and other letters that look Latin, and digits that stand for letters.
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһӏ0134@$5", "aeopcyxijsdhloieaass")
_SPELLED_OUT = re.compile(r"\b(?:\w[ .\-_*]){3,}\w\b")

_FORGET = (
    r"(?:(?:ignor|olvid|descart|desestim|anul|omit|salt)(?:a|e|ar|en|ad|ese|ate)"
    r"|forget|disregard|ignore|override|bypass|neglect|skip)"
)
# People ignore or bypass single rules and instructions; what counts is "all", "yours", "previous" or what follows.
_RULES = r"(?:instrucciones|indicaciones|reglas|directrices|ordenes|instructions|rules|guidelines|directives|prompts?)"
_WHOSE = r"(?:todas|all|any|every|tus|your|anteriores|previas|previous|prior|above|earlier)"
_BEHIND = r"(?:anteriores|previas|previos|above|que recib\w+|que te \w+|you (?:were|have|received)|(?:y|e|and) \w+)"
_SAY = (
    r"(?:respond\w*|contest\w*|escrib\w*|imprim\w*|devuelv\w*|repit\w*|repet\w*|di"
    r"|reply|answer|print|say|output|write|repeat|return)"
)
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
    # new rules, or rules of a system
    r"\b(?:system|sistema|hidden|oculto)\s+prompt|\bprompt (?:del? )?(?:sistema|system|oculto|inicial)",
    r"\b(?:nuev[oa]s?|new)\s+(?:instrucci|orden|instruction|directiv|system message)\w*\s*[:.]",
    r"\b(?:obedece|obey|sigue|follow)\b.{0,25}\b(?:mis|my)\s+(?:instrucci|orden|instruction|order)\w*",
    # the marks of chat templates
    r"\b(?:system|developer) message\s*:|\bmensaje del? (?:sistema|desarrollador)\s*:|(?:^|[.!?] )assistant\s*:",
    r"<\|\s*(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id)|</?system>",
    r"\[/?inst\]|<<sys>>|###\s*(?:instru|system)",
    # another role
    r"\b(?:ahora eres|a partir de ahora (?:eres|seras|actua)|you are now|from now on,? you (?:are|will|must|only)|haz de cuenta que eres)\b",
    r"\b(?:actua|comportate|act|behave|pretend|finge|simula)\s+(?:como si|como un|como una|as if|as an?|that you)\b",
    r"\b(?:modo|mode)\s+(?:desarrollador|dan|dios|sin restricciones|developer|god|jailbreak)\b",
    r"\b(?:developer|jailbreak|dan|god)\s+mode\b|\bdo anything now\b",
    # addressed to a machine
    rf"\b(?:eres una?|soy una?|(?:as|you are|i am) an?)\s+{_MACHINE}\b",
    r"\bcomo (?:una )?(?:ia|modelo de lenguaje)\b",
    rf"\b(?:para|al|a la|to the|to any|dear|estimad[oa]|attention|atencion|hey|oye)\s*:?\s+{_MACHINE}\b.{{0,30}}"
    r"(?::|,|que (?:lea|resuma|procese)|reading|processing|read)",
    rf"\b(?:nota|aviso|mensaje|orden|instruccion|note|message|order|instruction)e?s?\s+(?:para|al?|to|for)\s+"
    rf"(?:el |la |the |any )?{_MACHINE}\b",
    r"\b(?:ia|ai|llm|modelo de lenguaje|language model|chatbot|asistente|assistant)\b\s+"
    r"(?:debe|debes|debera|tiene que|must|should|shall|has to)\b",
    # what to say and what to leave out
    rf"\b{_SAY}\s+(?:solo|solamente|unicamente|exactamente|literalmente|only|exactly|just|verbatim)\b.{{0,25}}"
    r"(?:\b(?:con|with|palabra|word|frase|phrase|texto|text|lo siguiente|following)\b|[\"'«“`:])",
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
_ORDERS = tuple(re.compile(pattern) for pattern in _PATTERNS)


def gives_orders_visibly(text: str) -> bool:
    """Whether the text as it stands has a sign; lookalike letters and words spelled out are read through."""
    folded = " ".join(fold(text).split())
    readings = {folded, folded.translate(_LOOKALIKES), _SPELLED_OUT.sub(_joined, folded)}
    return any(pattern.search(reading) for reading in readings for pattern in _ORDERS)


def _joined(found: re.Match[str]) -> str:
    return re.sub(r"[ .\-_*]", "", found[0])
