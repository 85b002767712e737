/* Reports written without a connection: kept in this browser, each under the name of whoever wrote it, and sent once
   when the server answers again. The key that makes it once is made when the report is written. Only the reports of the
   person whose session was confirmed last are shown or sent; signing out forgets who that was and leaves the reports
   hidden. */
(function () {
  "use strict";
  if (!window.isSecureContext || !window.indexedDB || !navigator.serviceWorker || !navigator.locks) return;
  const body = document.body.dataset,
    page = document.getElementById("salientes").dataset;
  const PERSON = "prs-persona",
    DRAFT = "prs-borrador:reporte-",
    STORE = "reportes";
  const DAY = 86400000,
    KEY_DAYS = 6; /* The server knows a key for seven days. */
  const PATIENCE = 20000,
    EVERY = 15000;

  /* ---- who was confirmed last on this device ---- */
  const person = () => JSON.parse(window.localStorage.getItem(PERSON) || "null");
  const remember = (found) => {
    const kept = {
      usuario: found.usuario,
      nombre: found.nombre,
      areas: found.areas,
      idioma: document.documentElement.lang,
      visto: Date.now(),
    };
    window.localStorage.setItem(PERSON, JSON.stringify(kept));
  };
  const forget = () => window.localStorage.removeItem(PERSON);

  /* ---- the store ---- */
  const opened = new Promise((done, failed) => {
    const request = window.indexedDB.open("prs", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "clave" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const ask = async (mode, work) => {
    const base = await opened;
    return new Promise((done, failed) => {
      const step = base.transaction(STORE, mode),
        request = work(step.objectStore(STORE));
      step.oncomplete = () => done(request.result);
      step.onabort = () => failed(step.error);
    });
  };
  /* Whichever tab took the lock sends; all of them show it. */
  const tabs = new BroadcastChannel("prs-outbox"),
    redraw = () => window.dispatchEvent(new Event("prs:outbox"));
  tabs.onmessage = redraw;
  const changed = () => {
    redraw();
    tabs.postMessage("");
  };
  const put = async (report) => {
    await ask("readwrite", (store) => store.put(report));
    changed();
  };
  const remove = async (key) => {
    await ask("readwrite", (store) => store.delete(key));
    changed();
  };
  const everybodys = () => ask("readonly", (store) => store.getAll());
  const mine = async () => {
    const who = person();
    const found = who ? (await everybodys()).filter((report) => report.usuario === who.usuario) : [];
    return found.sort((a, b) => a.escrito - b.escrito);
  };
  const isDoubtful = (report) => Boolean(report.intento) && Date.now() - report.intento > KEY_DAYS * DAY;
  const isPending = (report) => report.estado === "espera";
  const isDue = (report) => isPending(report) && !isDoubtful(report);
  const hiddenCount = async () => {
    const who = person();
    return (await everybodys()).filter((report) => isPending(report) && !(who && report.usuario === who.usuario))
      .length;
  };

  /* ---- writing ---- */
  const write = async (values, files) => {
    const who = person(),
      area = who.areas.find((one) => one.codigo === values.area);
    const moment = new Date().toLocaleString(document.documentElement.lang, {
      dateStyle: "medium",
      timeStyle: "short",
    });
    const cuerpo = {
      ...values,
      descripcion: values.descripcion.trim() + "\n\n" + page.msgWritten.replace("{moment}", moment),
    };
    await put({
      clave: window.crypto.randomUUID(),
      usuario: who.usuario,
      estado: "espera",
      escrito: Date.now(),
      intento: 0,
      titulo: values.titulo,
      area: area ? area.nombre : values.area,
      archivos: files,
      cuerpo,
    });
    window.localStorage.removeItem(DRAFT + who.usuario);
  };
  const again = async (report) => {
    await put({ ...report, estado: "espera", intento: 0, error: "" });
    await send();
  };

  /* ---- sending ---- */
  const fetched = (address, options) =>
    window.fetch(address, { redirect: "error", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
  /* "in" with the person and the token of that session, "out" when nobody is signed in, "away" without an answer. */
  const whoIsThere = async () => {
    try {
      const answer = await fetched(page.urlPerson, { headers: { Accept: "application/json" } });
      if (answer.status === 401) return { state: "out" };
      return answer.ok ? { state: "in", person: await answer.json() } : { state: "away" };
    } catch {
      return { state: "away" };
    }
  };
  const reason = (problem) =>
    Object.values(problem.errores || {})
      .flat()
      .join(" ") ||
    problem.detail ||
    page.msgRefused;
  /* Status 0 is no answer: whether it arrived is unknown, and the key makes trying again harmless. */
  const post = async (report, token) => {
    const headers = {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": token,
      "Idempotency-Key": report.clave,
    };
    try {
      const answer = await fetched(page.urlReports, { method: "POST", body: JSON.stringify(report.cuerpo), headers });
      return { status: answer.status, body: await answer.json() };
    } catch {
      return { status: 0, body: {} };
    }
  };
  /* True when the next one may be sent. What the server hasn't refused for good stays as it was. */
  const sendOne = async (report, token) => {
    const tried = { ...report, intento: report.intento || Date.now() };
    await put(tried);
    const { status, body: told } = await post(tried, token);
    if (status === 201 && told.numero) {
      const { cuerpo, ...rest } = tried;
      await put({ ...rest, estado: "enviado", numero: told.numero, enviado: Date.now() });
      if (window.prs) window.prs.notify(page.msgSent.replace("{number}", told.numero), "success");
      return true;
    }
    if (status < 400 || status === 401 || status === 408 || status === 429 || status >= 500) return false;
    await put({ ...tried, estado: "rechazado", error: reason(told) });
    return true;
  };
  let state = "";
  const sendAll = async () => {
    const there = await whoIsThere();
    if (there.state === "out") forget();
    if (there.state === "in") {
      remember(there.person);
      for (const report of await mine()) {
        if (isDue(report) && !(await sendOne(report, there.person.csrf))) break;
      }
    }
    state = there.state;
    changed();
  };
  const send = () => navigator.locks.request("prs-outbox", { ifAvailable: true }, (lock) => lock && sendAll());

  /* ---- on every page of somebody signed in ---- */
  const bar = document.querySelector("[data-outbox-bar]");
  const show = async () => {
    const open = (await mine()).filter((report) => report.estado !== "enviado").length;
    document.querySelectorAll('form[action$="/salir"]').forEach((form) => {
      form.dataset.confirm = open ? page.msgLeaving : "";
    });
    if (!bar) return;
    bar.hidden = open === 0;
    bar.querySelector("span").textContent =
      open === 1 ? bar.dataset.one : bar.dataset.many.replace("{n}", String(open));
  };
  const start = async () => {
    const who = person();
    const isKnown =
      who &&
      who.usuario === body.person &&
      who.idioma === document.documentElement.lang &&
      Date.now() - who.visto < DAY;
    if (body.person && who && who.usuario !== body.person) forget();
    navigator.serviceWorker.register(page.urlWorker);
    if (!isKnown && body.person) await freshen();
    if (!isKnown || (await mine()).some(isDue)) await send();
    changed();
  };
  /* The kept page follows the language and the theme that were chosen since. */
  const freshen = async () => {
    for (const name of await window.caches.keys()) await (await window.caches.open(name)).add(page.urlOffline);
  };
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("form.report") || navigator.onLine || !person()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!form.reportValidity()) return;
      const given = new FormData(form),
        values = {};
      for (const name of ["titulo", "descripcion", "area"]) values[name] = given.get(name);
      for (const name of ["impacto", "urgencia"]) if (given.get(name)) values[name] = Number(given.get(name));
      const files = given.getAll("archivos").filter((file) => file.size).length;
      write(values, files).then(() => window.location.assign(page.urlOffline));
    },
    true,
  );
  window.addEventListener("prs:outbox", show);
  window.addEventListener("online", send);
  window.setInterval(async () => {
    if ((await mine()).some(isDue)) send();
  }, EVERY);

  window.prsOutbox = { person, forget, mine, hiddenCount, write, remove, again, send, isDoubtful, state: () => state };
  if (body.signedOut) forget();
  else start();
})();
