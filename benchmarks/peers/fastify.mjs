// A server on Fastify, with as many processes as WORKERS says.

import cluster from "node:cluster";
import jwt from "@fastify/jwt";
import Fastify from "fastify";
import * as queries from "./fastify_queries.mjs";
import * as shapes from "./fastify_shapes.mjs";

const { HOST = "127.0.0.1", PORT, SECRET_KEY, WORKERS = "2" } = process.env;
const KEPT_MS = 60_000;

if (cluster.isPrimary) {
  for (let n = 0; n < Number(WORKERS); n++) cluster.fork();
  process.on("SIGTERM", () => {
    for (const worker of Object.values(cluster.workers)) worker.kill();
  });
} else {
  await (await server()).listen({ host: HOST, port: Number(PORT) });
}

async function server() {
  const app = Fastify();
  await app.register(jwt, {
    secret: SECRET_KEY,
    verify: {
      algorithms: ["HS256"],
      allowedIss: "mechanic-shop",
      allowedAud: "mechanic-shop-api",
      requiredClaims: ["exp", "iss", "aud", "sub"],
    },
  });
  app.get("/healthz", async () => ({ status: "ok" }));
  app.register(async (signedIn) => {
    signedIn.addHook("onRequest", (request) => request.jwtVerify());
    routes(signedIn);
  });
  return app;
}

function routes(app) {
  const id = { type: "integer", minimum: 1 };
  const perPage = { type: "integer", minimum: 1, maximum: 100, default: 20 };
  const ticketId = { type: "object", properties: { ticket_id: id } };
  const kept = new Map();

  const ticketsAsked = {
    type: "object",
    properties: {
      per_page: perPage,
      sort: { const: "id" },
      cursor: { type: "string" },
      opened_from: { type: "string" },
    },
  };
  app.get(
    "/service-tickets",
    { schema: { querystring: ticketsAsked, response: { 200: shapes.ticketPage } } },
    async ({ query: { per_page: perPage, cursor, opened_from: openedFrom } }) => {
      const after = cursor ? JSON.parse(Buffer.from(cursor, "base64url"))[2] : 0;
      const { items, hasNext } = await queries.tickets({ after, perPage, openedFrom });
      return { items, pagination: pagination({ items, perPage, hasNext, hasPrev: Boolean(cursor) }) };
    },
  );

  app.get(
    "/service-tickets/:ticket_id",
    { schema: { params: ticketId, response: { 200: shapes.ticket } } },
    async ({ params, headers }, reply) => {
      const known = headers["if-none-match"];
      if (known && known === tag(await queries.version(params.ticket_id))) {
        return reply.code(304).header("etag", known).send();
      }
      const ticket = await queries.ticket(params.ticket_id);
      reply.header("etag", tag(ticket.version));
      return ticket;
    },
  );

  const partsAsked = {
    type: "object",
    properties: { per_page: perPage, page: { type: "integer", minimum: 1, default: 1 } },
  };
  app.get(
    "/inventory",
    { schema: { querystring: partsAsked, response: { 200: shapes.partPage } } },
    async ({ url, query: { page, per_page: perPage } }, reply) => {
      let found = kept.get(url);
      if (!found || found.until < Date.now()) {
        const { items, total } = await queries.parts({ page, perPage });
        const hasNext = page * perPage < total;
        const about = pagination({ items, page, perPage, total, hasNext, hasPrev: page > 1 });
        const body = Buffer.from(reply.serialize({ items, pagination: about }));
        found = { body, until: Date.now() + KEPT_MS };
        kept.set(url, found);
      }
      return reply.type("application/json; charset=utf-8").send(found.body);
    },
  );

  const used = {
    type: "object",
    properties: { quantity_used: { type: "number", exclusiveMinimum: 0, default: 1 } },
  };
  const line = { type: "object", properties: { ticket_id: id, part_id: id } };
  app.post(
    "/service-tickets/:ticket_id/parts/:part_id",
    { schema: { params: line, body: used, response: { 201: shapes.line } } },
    async ({ user, params: { ticket_id: ticketId, part_id: partId }, body }, reply) => {
      reply.code(201);
      return queries.usePart(Number(user.sub), ticketId, partId, body.quantity_used);
    },
  );
}

function tag(version) {
  return `"${version}"`;
}

function pagination({ items, page = null, perPage, total = null, hasNext, hasPrev }) {
  const last = items.at(-1)?.id;
  return {
    page,
    total,
    total_pages: total === null ? null : Math.ceil(total / perPage),
    total_is_exact: total === null ? null : true,
    per_page: perPage,
    has_next: hasNext,
    has_prev: hasPrev,
    next_cursor: hasNext ? Buffer.from(JSON.stringify(["id", last, last])).toString("base64url") : null,
  };
}
