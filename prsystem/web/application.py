"""What each process of the server runs; read by Granian by its name."""

from prsystem import env
from prsystem.wsgi import application as wsgi_application

from .door import Door

application = Door(wsgi_application, threads=env.integer("PRS_WEB_THREADS", 4, minimum=1, maximum=64))
