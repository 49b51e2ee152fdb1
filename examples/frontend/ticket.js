"use strict";

// One ticket, with its jobs. Staff see it as it stands. Customers see its estimate and decide on it: what they
// send names the estimate that they read, and is refused if that is another one by now.

const CHOICES = { authorized: "Yes, do this work", deferred: "Not now", declined: "No" };
const STATES = { pending: "Not decided yet", authorized: "Authorized", deferred: "Not now", declined: "Declined" };
const BECAUSE = {
  price_raised: "the price has risen",
  work_changed: "the work has changed",
  discount_lowered: "a discount is lower or gone",
};
const UNDER_WAY = ["open", "in_progress", "on_hold", "ready"]; // only then the shop takes decisions
let shown = null; // the ticket (for staff) or the estimate (for customers) on the page

const price = (cents) => money(cents, shown.totals.currency);
const day = (moment) => new Date(moment).toLocaleDateString();
const note = (text, className = "") => (text ? make("p", { className }, text) : "");
const faint = (text) => note(text, "faint");
const isOut = ({ authorization }) => ["declined", "deferred"].includes(authorization);

async function loadTicket(id) {
  const path = `/service-tickets/${id}`;
  const customer = session.account.role === "customer";
  const [ticket, bills, payments, estimate] = await Promise.all([
    call(`${path}?include=recommendations${customer ? "" : ",jobs,totals"}`), call(`/invoices?ticket_id=${id}`),
    call(`${path}/payments?sort=id`), customer && call(`${path}/estimate`)]);
  if (id !== ticketIn(location.href)) return; // another one was opened meanwhile
  const before = shown;
  shown = estimate || ticket;
  const mayDecide = customer && UNDER_WAY.includes(ticket.status);
  showTicket(ticket, bills.items, payments.items, mayDecide, before);
}

function clearTicket() {
  shown = null;
  $("deciding").replaceChildren();
}

function showTicket(ticket, bills, payments, mayDecide, before) {
  const jobs = [...shown.jobs, ...(shown.declined_jobs ?? [])];
  const asked = jobs.filter(({ authorization }) => mayDecide && authorization === "pending");
  const out = jobs.filter(isOut);
  const others = jobs.filter((job) => !asked.includes(job) && !out.includes(job));
  const waiting = ticket.recommendations.filter(({ ticket_id: visit }) => visit !== ticket.id);
  $("deciding").replaceChildren(
    make("h2", { id: "which", tabIndex: -1 }, `${ticket.ro_number} · ${named(ticket.vehicle)} `,
      make("span", { className: `badge ${ticket.status}` }, words(ticket.status))),
    make("p", {}, ticket.problem_description), faint(ticket.customer?.name),
    ...group("Please decide on each job", asked.map((job) => question(job, before))),
    ...group("The work", others.map(section)),
    ...group("Total", [totals(shown.totals), faint(shown.shop_supplies?.statement), faint(shown.estimate_terms)]),
    asked.length ? make("button", {}, "Send my decisions") : "",
    ...group("Invoices", bills.map(bill)),
    ...group("Payments", payments.length ? [sums(payments.map(payment))] : []),
    ...group("Not part of the total", out.map(section)),
    ...group("Waiting since earlier visits", waiting.map((job) => sums([[job.name, job.price_cents,
      STATES[job.decision], job.ro_number, job.decided_at && day(job.decided_at)]]))));
}

const group = (name, parts) => (parts.length ? [make("h3", { tabIndex: -1 }, name), ...parts] : []);

const title = (job) => [`${job.name} · `, make("span", { className: "price" }, price(job.price_cents))];

function section(job) {
  return make("section", { className: "job", ariaLabel: job.name },
    make("h4", {}, ...title(job)), faint(state(job)), note(job.note), sums(rows(job)));
}

/** A job to decide on. If it was on the page before and looked otherwise, it says so. */
function question(job, before) {
  const changed = before && !before.jobs.some((each) => looks(each) === looks(job));
  return make("fieldset", {}, make("legend", {}, ...title(job)),
    changed ? make("strong", { className: "badge changed" }, "Changed since you looked") : "",
    faint(job.because && state(job)), note(job.note), sums(rows(job)),
    make("div", { className: "choices" }, ...Object.entries(CHOICES).map(([value, text]) => make("label", {},
      make("input", { type: "radio", name: `job-${job.id}`, value, required: true }), text))));
}

/** An invoice, with what is left to pay, and a button for its PDF. */
function bill(invoice) {
  const status = invoice.is_void ? "void" : invoice.payment_status;
  const paper = make("button", { type: "button" }, `Get ${invoice.number} as PDF`);
  paper.onclick = () => attempt(paper, async () => {
    const href = URL.createObjectURL(await call(`/invoices/${invoice.id}/pdf`, { as: "blob" }));
    make("a", { href, download: `${invoice.number}.pdf` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  });
  const parts = [["Invoice", invoice.total_cents], ["Credited", -invoice.credited_cents], ["Paid", -invoice.paid_cents]];
  return make("section", { className: "job", ariaLabel: invoice.number },
    make("h4", {}, `${invoice.number} `, make("span", { className: `badge ${status}` }, words(status))),
    faint(`Issued ${invoice.issued_on}, due ${invoice.due_on}`),
    sums([...parts.filter(([, cents]) => cents), ["Left to pay", invoice.balance_cents]]), paper);
}

/** A payment, or a refund, whose amount is negative. */
const payment = ({ method, amount_cents: cents, received_at: at, reference, note: why }) => [
  `${cents < 0 ? "Refund" : "Payment"}, ${words(method)}`, cents, day(at), reference, why];

const looks = (job) => JSON.stringify([job.name, job.note, job.price_cents, rows(job)]);

/** What was decided on a job, in plain words. */
function state({ authorization, because, authorized_cents: limit, decided_at: at, price_cents: cents, lines }) {
  if (!lines.length) return "No lines yet";
  if (because) return `Authorized at ${price(limit)}, but ${BECAUSE[because]}: to be decided again`;
  return STATES[authorization] + (limit > cents ? ` up to ${price(limit)}` : "") + (at ? ` · ${day(at)}` : "");
}

const rows = ({ lines }) => lines.map((line) => [line.name, line.amount_cents,
  line.kind === "labor" && "labor", line.part_number, line.condition && words(line.condition),
  line.quantity !== null && line.quantity !== 1 && `${line.quantity} × ${price(line.unit_price_cents)}`,
  line.kind !== "discount" && line.discount_percentage && `${line.discount_percentage}% off`,
  line.kind !== "discount" && line.discount_cents && `${price(line.discount_cents)} off`,
  line.core_charge_cents && `core charge ${price(line.core_charge_cents)}`,
  line.warranty_months && `warranty ${line.warranty_months} months`]);

/** Names with their details, and what each costs. */
const sums = (all) => make("dl", {}, ...all.flatMap(([name, cents, ...details]) => [
  make("dt", {}, name, make("small", {}, details.filter(Boolean).join(" · "))),
  make("dd", { className: "price" }, price(cents))]));

function totals(of) {
  const parts = [["Labor", of.labor_cents], ["Parts", of.parts_cents], ["Work of other shops", of.sublet_cents],
    ["Fees", of.fees_cents], ["Discounts", -of.discount_cents],
    [shown.shop_supplies?.name ?? "Shop supplies", of.shop_supplies_cents],
    ["Core charges", of.core_charges_cents], ["Cores returned", -of.core_returns_cents],
    ...of.taxes.map((tax) => [`${tax.name} ${tax.percentage}%`, tax.tax_cents])].filter(([, cents]) => cents);
  const all = [...parts, [make("strong", {}, "Total with taxes"), of.total_cents]];
  if (of.authorized_total_cents !== of.total_cents) all.push(["Authorized so far", of.authorized_total_cents]);
  return sums(all);
}

onSubmit("deciding", async (fields) => {
  const { ticket_id: id, estimate_sha256, jobs, totals: { currency } } = shown;
  const decisions = jobs.filter((job) => fields[`job-${job.id}`])
    .map((job) => ({ job_id: job.id, decision: fields[`job-${job.id}`].value }));
  try {
    const made = await post(`/service-tickets/${id}/authorizations`, { decisions, estimate_sha256 });
    await load();
    tell(`Thank you. In all you have authorized ${money(made.authorized_total_cents, currency)} with taxes.`);
    $("which")?.focus();
  } catch (problem) {
    const about = jobs.find((job) => job.id === problem.job_id);
    if (about) problem.message = `${about.name}: ${problem.message}`;
    if (problem.code === "estimate_changed") { // read it again and ask again: no decision is carried over
      await load();
      problem.message += " This is how it is now: please look once more, and decide again.";
      $("deciding").querySelector("h3")?.focus();
    }
    throw problem;
  }
});
