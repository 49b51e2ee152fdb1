"use strict";

// Tokens live in memory only: storage can be read by any script that slips in, and is copied into a
// duplicated tab. A refresh token counts once, so two tabs with the same one would end the session.
let session = null;
let refreshing = null;
const keys = new Map();
let api = new URLSearchParams(location.search).get("api") || "http://127.0.0.1:5000";

// What the buttons offer. The shop has the last word: its refusal of a move names the legal ones.
const MOVES = {
  open: ["in_progress", "cancelled"],
  in_progress: ["on_hold", "ready", "cancelled"],
  on_hold: ["in_progress", "cancelled"],
  ready: ["in_progress", "invoiced", "closed"],
  invoiced: ["closed"],
};
const $ = (id) => document.getElementById(id);
const words = (status) => status.replaceAll("_", " ");
const heading = (status) => words(status)[0].toUpperCase() + words(status).slice(1);
const money = (cents, currency = session.currency) =>
  new Intl.NumberFormat(undefined, { style: "currency", currency }).format(cents / 100);
const named = (car) => // a ticket may be opened before the vehicle is known
  car ? [car.year, car.make, car.model].filter(Boolean).join(" ") || car.vin || `Vehicle ${car.id}` : "No vehicle yet";

// Which ticket is open stands in the URL, so that the browser's Back leads from it to all of them.
const ticketIn = (url) => /#tickets\/(\d+)$/.exec(url)?.[1];
const link = ({ id, ro_number: number }) => make("a", { href: `#tickets/${id}` }, number);

/** An element with these properties; strings become text, never markup. */
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const refusal = (members) => Object.assign(new Error(members.detail), members);

/** One request. GETs need no If-None-Match from us: the browser keeps each ETag and sends it by itself. */
async function send(path, { method = "GET", body, headers, as = "json" } = {}) {
  const sent = { ...headers };
  if (session) sent.Authorization = `Bearer ${session.access_token}`;
  if (body) sent["Content-Type"] = "application/json";
  const signal = AbortSignal.timeout(15000);
  const answer = await fetch(api + path, { method, headers: sent, body: body && JSON.stringify(body), signal })
    .catch(async (error) => { throw refusal({ detail: await whyNoAnswer(error) }); });
  if (answer.ok) return answer.status === 204 ? null : answer[as]();
  const problem = await answer.json().catch(() => ({ detail: `The shop answered ${answer.status}.` }));
  throw refusal({ ...problem, status: answer.status, wait: answer.headers.get("Retry-After") });
}

/** A browser hides why a request failed; two ways of knocking tell a lost answer from a closed door. */
async function whyNoAnswer(error) {
  const knock = (mode) =>
    fetch(`${api}/healthz`, { mode, signal: AbortSignal.timeout(5000) }).then(() => true, () => false);
  if (error.name === "TimeoutError") return `${api} did not answer within 15 seconds. Try again.`;
  if (await knock("cors")) return "The answer was lost on its way. Send it again: nothing is done twice.";
  if (!(await knock("no-cors"))) return `Nobody answers at ${api}. Is the shop running there?`;
  return `The shop at ${api} does not allow this page. Start it with CORS_ORIGINS=${location.origin}`;
}

/** A request as who is signed in. Those that find the token expired wait for one refresh, and go again. */
async function call(path, how) {
  const { access_token: used, refresh_token } = session;
  return send(path, how).catch(async (problem) => {
    if (problem.status !== 401) throw problem;
    if (session?.access_token === used) {
      refreshing ??= send("/auth/refresh", { method: "POST", body: { refresh_token } })
        .then((pair) => { session = pair; }).finally(() => { refreshing = null; });
      await refreshing;
    }
    return send(path, how);
  });
}

// An act keeps its Idempotency-Key until it is answered, so that sending it again, after a lost answer,
// does not do it again.
function post(path, body) {
  const act = path + JSON.stringify(body);
  if (!keys.has(act)) keys.set(act, crypto.randomUUID());
  return call(path, { method: "POST", body, headers: { "Idempotency-Key": keys.get(act) } })
    .then((made) => { keys.delete(act); return made; });
}

/** Do what this button asks for; it waits meanwhile, and a refusal is shown. */
async function attempt(button, deed) {
  tell("");
  button.disabled = true;
  try {
    await deed();
  } catch (problem) {
    if (problem.status === 401 && session) signedOut();
    else showProblem(problem, button.form);
  } finally {
    button.disabled = false;
  }
}

function tell(text) {
  $("problem").hidden = true;
  $("notice").hidden = !text;
  $("notice").textContent = text;
  document.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
}

function showProblem({ message, errors = [], legal, wait, request_id: request }, form) {
  const hints = errors.map(({ pointer, detail }) => `${pointer.slice(1) || "request"}: ${detail}`);
  if (legal) hints.push(`The board is up to date again. Possible now: ${legal.map(words).join(", ") || "nothing"}.`);
  if (wait) hints.push(`Come back in ${wait} seconds.`);
  for (const { pointer } of errors) form?.elements[pointer.slice(1)]?.setAttribute("aria-invalid", "true");
  $("problem").replaceChildren(make("strong", {}, message), make("ul", {}, ...hints.map((hint) => make("li", {}, hint))),
    make("span", { className: "faint" }, request ? `Request ${request}` : ""));
  $("problem").hidden = false;
}

function show() {
  const staff = session && session.account.role !== "customer";
  const open = Boolean(ticketIn(location.href));
  $("who").textContent = session ? `${session.account.name} · ${session.account.role}` : "";
  $("signing-in").hidden = Boolean(session);
  $("refresh").hidden = $("sign-out").hidden = !session;
  $("customer").hidden = !session || staff || open;
  $("board").hidden = !staff || open;
  $("ticket").hidden = !session || !open;
}

function signedOut() {
  session = null;
  for (const id of ["vehicles", "tickets", "board"]) $(id).replaceChildren();
  clearTicket();
  show();
  tell("Your session has ended. Sign in again.");
}

async function load() {
  const id = ticketIn(location.href);
  if (id) await loadTicket(id);
  else await (session.account.role === "customer" ? loadCustomer() : loadBoard());
}

async function loadCustomer() {
  const [vehicles, tickets] = await Promise.all([call("/vehicles?per_page=100"), call("/customers/my-tickets")]);
  $("vehicles").replaceChildren(...vehicles.items.map((car) => make("li", {}, make("strong", {}, named(car)),
    make("p", { className: "faint" }, [car.vin, car.license_plate].filter(Boolean).join(" · ")))));
  $("opening").elements.vehicle_id.replaceChildren(
    ...vehicles.items.map((car) => make("option", { value: car.id }, named(car))));
  $("tickets").replaceChildren();
  $("none").hidden = tickets.items.length > 0;
  showTickets(tickets);
}

function showTickets({ items, pagination }) {
  $("tickets").append(...items.map((ticket) => make("tr", { role: "row" },
    cell(link(ticket)), cell(named(ticket.vehicle)), cell(ticket.problem_description),
    cell(make("span", { className: `badge ${ticket.status}` }, words(ticket.status))),
    cell(new Date(ticket.opened_at).toLocaleDateString(), "Opened"),
    cell(money(ticket.total_cents), "Total", "number"))));
  $("more").hidden = !pagination.has_next;
  $("more").value = pagination.next_cursor;
}

/** A cell; on a phone, where the row is a card, `label` says what it is. Roles survive that it is no table then. */
function cell(content, label = "", className = "") {
  const made = make("td", { role: "cell", className }, content);
  made.dataset.label = label;
  return made;
}

async function loadBoard() {
  const columns = Object.keys(MOVES).map(async (status) =>
    column(status, await call(`/service-tickets?status=${status}&sort=priority&per_page=100`)));
  $("board").replaceChildren(...(await Promise.all(columns)));
}

function column(status, { items, pagination }) {
  const rest = pagination.has_next ? "The first 100 are shown." : "";
  return make("section", { ariaLabel: heading(status) },
    make("h2", {}, `${heading(status)} (${pagination.total})`), ...items.map(card), rest);
}

function card(ticket) {
  const crew = ticket.mechanics.map(({ name }) => name).join(", ") || "Nobody yet";
  const held = ticket.hold_reason ? ` · waits for: ${ticket.hold_reason}` : "";
  return make("article", { className: "card", id: `ticket-${ticket.id}`, tabIndex: -1 },
    make("h3", {}, link(ticket)), make("p", {}, ticket.problem_description),
    make("p", { className: "faint" }, `${ticket.customer?.name ?? "?"} · ${named(ticket.vehicle)}`),
    make("p", { className: "faint" }, `${crew} · ${money(ticket.total_cents)}${held}`),
    make("div", {}, ...MOVES[ticket.status].map((to) => make("button", {
      className: "quiet", ariaLabel: `Move ${ticket.ro_number} to ${words(to)}`,
      onclick: ({ target }) => attempt(target, () => move(ticket, to)) }, `→ ${heading(to)}`))));
}

async function move(ticket, to) {
  try {
    await post(`/service-tickets/${ticket.id}/transitions`, { to });
    tell(`${ticket.ro_number} is ${words(to)}.`);
  } finally {
    await load(); // moved or refused because somebody was faster: show how things are now
  }
  $(`ticket-${ticket.id}`)?.focus();
}

const onSubmit = (id, deed) => $(id).addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(event.submitter, () => deed(event.target.elements, event.target));
});
onSubmit("signing-in", async ({ email, password, api: address }) => {
  api = address.value.replace(/\/+$/, "");
  session = await send("/auth/login", { method: "POST", body: { email: email.value, password: password.value } });
  password.value = "";
  await load().finally(show);
});
onSubmit("opening", async ({ vehicle_id: car, problem_description: problem, odometer_in: odometer }, form) => {
  const facts = { vehicle_id: Number(car.value), problem_description: problem.value };
  if (odometer.value) facts.odometer_in = Number(odometer.value);
  const ticket = await post("/service-tickets", facts);
  form.reset();
  tell(`${ticket.ro_number} is open.`);
  await load();
});
$("refresh").onclick = ({ target }) => attempt(target, load);
$("more").onclick = ({ target }) => attempt(target, async () =>
  showTickets(await call(`/customers/my-tickets?cursor=${encodeURIComponent(target.value)}`)));
window.onhashchange = ({ oldURL }) => session && attempt($("refresh"), async () => {
  clearTicket();
  show();
  await load();
  ($("which") ?? document.querySelector(`[href="#tickets/${ticketIn(oldURL)}"]`) ?? $("refresh")).focus();
});
// Loading the page anew forgets the tokens, and with them whatever is still on its way.
$("sign-out").onclick = ({ target }) => attempt(target, async () => {
  await call("/auth/logout", { method: "POST" }).catch(() => {});
  location.href = `?${new URLSearchParams({ api })}`;
});
$("signing-in").elements.api.value = api;
