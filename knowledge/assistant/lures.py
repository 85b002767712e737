"""Signs of text that gives people orders which serve somebody else: to say a secret, to pass a link on, to keep quiet.

For Spanish and English, on folded text. A net with holes, for what is to be published: a person looks at what it
holds. Procedures speak of passwords and links as well; what counts is a secret that goes to somebody, or an act kept
from those who should know.
"""

import re

_KEYWORDS = (
    r"(?:contrasenas?|claves?(?! de(?:l)? (?:articulo|producto|material|parte|refaccion|proveedor|alarma|area|sap))"
    r"|nip|pin|passwords?|passcodes?|credencial(?:es)?|credentials|login details|token"
    r"|codigos? (?:de (?:verificacion|seguridad|acceso|un solo uso|confirmacion)|que (?:te|le|les) lleg\w+|del? sms)"
    r"|(?:verification|security|access|one.?time|sms|mfa|2fa) codes?"
    r"|(?:numero|datos) de (?:la |su |tu )?tarjeta|card number|cvv|otp)"
)
_OWN = r"(?:tus?|sus?|la|las|el|los|una?|your|their|his|her|the|its)"
_SAY = (
    r"(?:dict(?:a|ar|e|en|ale|arle|eles?|ando)|dar(?:le|les)?|dele|dale|denle|den|dig(?:a|an|ale|ales)|di(?:le|les)|decir(?:le|les)?"
    r"|proporcion(?:a|ar|e|en|arle|ale)|facilit(?:a|ar|e|en|arle)|comparti(?:r|rle|rla)|compart(?:e|a|an)|comunic(?:a|ar|arle)|comuniqu(?:e|en)"
    r"|envi(?:a|ar|e|en|arle|ale|ele|arla)|mand(?:a|ar|e|en|arle|ale|ela)|remit(?:e|ir|a)|confirm(?:a|ar|e|arle|en)|entreg(?:a|ar|ue|uen|arle)"
    r"|pas(?:a|ar|ale|arle|e)|respond(?:e|er|a|an) con|contest(?:a|ar|e) con"
    r"|give|tell|send|share|provide|read out|dictate|hand over|disclose|reply with|respond with"
    r"|confirm|text|e-?mail|forward)"
)
_CALLER = r"(?:the|this|any)\s+(?:caller|technician|agent|supporter)"
_VOICE = (
    r"(?:llam(?:a|ar|e|en|ale|arle|ando)|marc(?:a|ar|que|quen|ando)|telefone(?:a|ar|e)|comuni(?:carse|quese|cate)|hablar?|hable"
    r"|call(?:ing)?|dial(?:ing)?|phone|ring|whatsapp|telegram)"
)
_PHONE = r"(?:por (?:telefono|whatsapp|telegram|sms|correo|mail|mensaje)|by (?:phone|e-?mail|text|sms)|over the phone)"
_TO = (
    r"(?:(?:al?|to)\s+(?:(?:el|la|los|las|un|una|este|esta|this|the|an?)\s+)?(?:tecnicos?|soporte|numero|extension|correo|direccion|contacto"
    r"|agente|proveedor|siguiente|support|technician|number|address|agent|vendor|caller|helpdesk|following|whoever|quien)"
    r"|\S+@\S+|(?:al?|to)\s+(?:\(?\+?\d[\d ()-]{5,}))"
)
_LINK = r"(?:enlaces?|ligas?|vinculos?|links?|url|mensajes?|correos?|cadenas?|avisos?|message|e-?mail|notice)"
_LURES = (
    # a secret goes to somebody
    (
        "secreto",
        rf"\b{_VOICE}\b[^.;!?]{{0,80}}\b{_SAY}\s+(?:\w+\s+){{0,3}}?{_KEYWORDS}\b",
    ),
    ("secreto", rf"\b{_SAY}\s+(?:\w+\s+){{0,4}}?{_KEYWORDS}\b[^.;!?]{{0,60}}(?:{_TO}|\b{_PHONE}\b)"),
    ("secreto", rf"\b{_SAY}\b[^.;!?]{{0,30}}{_TO}[^.;!?]{{0,30}}\b{_KEYWORDS}\b"),
    (
        "secreto",
        rf"\b(?:send|give|tell|share|forward)\s+(?:us|me|them|him|her)?\s*(?:your|tu|su)\s+(?:\w+\s+)?{_KEYWORDS}\b",
    ),
    ("secreto", rf"\b(?:send|give|tell|read)\s+{_CALLER}\s+(?:\w+\s+){{1,3}}?{_KEYWORDS}\b"),
    ("secreto", rf"\bdict\w+\s+(?:{_PHONE}\s+)?{_OWN}\s+{_KEYWORDS}\b"),
    (
        "secreto",
        rf"\b(?:dictar?|dicte|dictando|envia(?:nos|me)|manda(?:nos|me)|dinos|danos|dime|dame)\s+(?:\w+\s+){{0,2}}?{_KEYWORDS}\b",
    ),
    (
        "secreto",
        rf"\b(?:reply|respond\w*|contest\w+)\s+(?:\w+\s+){{0,3}}?(?:with|con)\s+(?:tu|su|your)\s+(?:\w+\s+)?{_KEYWORDS}\b",
    ),
    (
        "secreto",
        rf"\b(?:enlaces?|ligas?|links?|formulario|form|url|pagina)\b[^.;!?]{{0,60}}\b(?:verific|valid|confirm|actualiz|reactiv|verify|validate|update)"
        rf"\w*\s+(?:tus?|sus?|your)\s+(?:\w+\s+){{0,2}}?(?:cuenta|identidad|datos|account|identity|{_KEYWORDS})\b",
    ),
    # a link or a message is passed on
    (
        "reenvio",
        rf"\b(?:reenvi\w+|redifund\w+|difund\w+|pasa(?:r|lo)?|comparti?\w*|forward|share|repost|spread)"
        rf"\s+(?:est[eao]s?|el siguiente|la siguiente|this|these)"
        rf"\s+(?:\w+\s+)?{_LINK}\b",
    ),
    # those who should know are kept out
    (
        "silencio",
        r"\b(?:no|sin|nunca|do not|don'?t|never|without)\s+(?:le\s+|les\s+)?"
        r"(?:avis\w+|inform\w+|dig\w+|decir\w*|report\w+|notific\w+|coment\w+"
        r"|cuent\w+|tell\w*|notify\w*|warn\w*)"
        r"\s+(?:nada\s+|de (?:esto|ello)\s+|this\s+)?(?:al?|con|to|of)?\s*(?:la |el |los |las |tu |su |your |the )?"
        r"(?:nadie|ti|sistemas|seguridad|jefes?|supervisor\w*|gerencia|anyone|anybody|nobody|it|security|boss|manager|supervisor)\b",
    ),
    # an account is threatened, money is moved
    (
        "amenaza",
        r"\b(?:su|tu|your)\s+(?:cuenta|acceso|account|access)\s+(?:sera|va a ser|quedara|will be)\s+(?:\w+\s+)?"
        r"(?:suspendid|bloquead|cancelad|eliminad|desactivad|suspended|blocked|closed|deleted"
        r"|disabled)\w*\s+(?:si no|en \d|unless|if you|within)",
    ),
    (
        "dinero",
        r"\b(?:transfer\w*|deposit\w*|pag(?:a|ar|ue|uen)|abon(?:a|ar|e)|wire|pay)\b[^.;!?]{0,50}\b(?:cuenta|account|clabe|iban|bitcoin|wallet|monedero)\s*"
        r"(?:n(?:umero|o)?\.?\s*|number\s*|:\s*)?\d[\d -]{7,}",
    ),
    ("dinero", r"\b(?:compr(?:a|ar|e|en)|buy)\b[^.;!?]{0,30}\b(?:tarjetas de regalo|gift cards?)\b"),
    # a stranger gets into the machine
    (
        "acceso",
        r"\b(?:instal\w+|abr(?:e|ir|a)|descarg\w+|install|open|download|run)\b[^.;!?]{0,40}\b(?:anydesk|teamviewer|ultraviewer|rustdesk)\b[^.;!?]{0,80}"
        r"\b(?:codigo|numero|id|clave|code|number|password)\b",
    ),
    (
        "acceso",
        r"\b(?:aprueb\w+|aprobar|acept(?:a|ar|e)|approve|accept)\b[^.;!?]{0,30}\b(?:notificacion|solicitud|aviso|notification|request|prompt)\b"
        r"[^.;!?]{0,40}\b(?:mfa|2fa|autenticador|authenticator|doble factor"
        r"|inicio de sesion|sign.?in|login)\b[^.;!?]{0,40}\b(?:aunque|sin|even|without)\b",
    ),
    ("acceso", r"\bpowershell(?:\.exe)?\s[^\n]{0,60}-e(?:nc|ncodedcommand)?\s+[a-z0-9+/=]{16,}"),
    ("acceso", r"\b(?:curl|wget)\s[^|\n]{0,120}(?:https?://)[^|\n]{0,120}\|\s*(?:sudo\s+)?(?:ba|z)?sh\b"),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _LURES)


def lures_in(folded: str) -> list[tuple[str, str]]:
    """Kind and words of every sign in folded text: `secreto`, `reenvio`, `silencio`, `amenaza`, `dinero`, `acceso`."""
    return [(kind, found[0]) for kind, pattern in _COMPILED for found in pattern.finditer(folded)]
