import type { TSchema } from 'typebox';
import { ProblemShape } from '#api/native/schema.ts';
import { Fault } from '#api/schemas/fault.ts';
import { PROBLEM_FORM, PROBLEM_TYPE } from '#api/server/problem.ts';
import type { Route, RouteSchemas } from '#api/server/types.ts';
import { DESCRIPTION, VERSION } from '#engine/version.ts';

/**
 * `/openapi.json`, OpenAPI 3.1: written from the same table and schemas that route and check requests, so that it
 * cannot say anything else. Schemas with a title become components.
 */

type Json = Record<string, unknown>;

/** Names of headers as partners know them; routes declare them in lower case. */
const HEADER_NAMES: Readonly<Record<string, string>> = {
  editorname: 'editorName',
  applicationname: 'applicationName',
  softwareversion: 'softwareVersion',
};
const REQUIRED: ReadonlySet<string> = new Set(['idempotency-key']);
const PARTNER_LENGTH = 50;

/** Path parameters that are ids given by the hub. */
const UUIDS: ReadonlySet<string> = new Set([
  'notificationId',
  'folderId',
  'caseId',
  'eventId',
  'attachmentId',
  'subscriptionId',
  'agentId',
  'templateId',
]);

const PHRASES: Readonly<Record<number, string>> = {
  200: 'Réponse',
  201: 'Créé',
  204: 'Fait, sans corps',
  206: 'Partie demandée du fichier',
  400: 'Forme ou règle non respectée',
  401: 'Jeton absent, inconnu ou expiré',
  403: 'Appelant sans droit sur cet objet',
  404: 'Objet inconnu',
  405: 'Méthode refusée',
  408: 'Corps envoyé trop lentement',
  409: 'État qui ne le permet pas',
  413: 'Requête trop grande',
  410: 'Supprimé depuis',
  412: 'Condition non remplie',
  414: 'Adresse trop longue',
  415: 'Type de corps non accepté',
  416: 'Partie demandée hors du fichier',
  422: 'Règle de la démarche, ou clé d’idempotence, non respectée',
  428: 'Clé d’idempotence absente',
  429: 'Trop de requêtes à la fois : répéter après Retry-After',
  431: 'En-tête trop long',
  500: 'Erreur interne',
  503: 'Service occupé : répéter après Retry-After',
};

/** Replaces titled schemas by references, and collects them. */
export class Components {
  readonly schemas: Record<string, Json> = {};

  refer(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((item) => this.refer(item));
    if (typeof schema !== 'object' || schema === null) return schema;
    const { title, ...rest } = schema as Json;
    const inside = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, this.refer(value)]));
    if (typeof title !== 'string') return title === undefined ? inside : { title: this.refer(title), ...inside };
    const known = this.schemas[title];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(inside)) {
      throw new Error(`two schemas are named ${title}`);
    }
    this.schemas[title] = inside;
    return { $ref: `#/components/schemas/${title}` };
  }
}

const isBytes = (schema: TSchema): boolean => (schema as { format?: string }).format === 'binary';

function content(components: Components, schema: TSchema, media = 'application/json'): Json {
  if (isBytes(schema)) return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  return { [media]: { schema: components.refer(schema) } };
}

function parametersOf(route: Route, components: Components): Json[] {
  const found: Json[] = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: UUIDS.has(name as string) ? { type: 'string', format: 'uuid' } : { type: 'string' },
  }));
  const query = route.schemas?.query as { properties?: Record<string, TSchema> } | undefined;
  for (const [name, schema] of Object.entries(query?.properties ?? {})) {
    found.push({ name, in: 'query', required: false, schema: components.refer(schema) });
  }
  for (const header of route.headers ?? []) {
    // OpenAPI leaves these to the description of bodies and of security
    if (header === 'content-type' || header === 'authorization' || header === 'accept') continue;
    if (header === 'content-length') continue;
    const name = HEADER_NAMES[header];
    const schema = name === undefined ? { type: 'string' } : { type: 'string', maxLength: PARTNER_LENGTH };
    found.push({ name: name ?? header, in: 'header', required: REQUIRED.has(header), schema });
  }
  return found;
}

const mediaOf = (route: Route, schema: TSchema): string | undefined =>
  (schema as unknown) === ProblemShape ? PROBLEM_TYPE : route.media?.answer;

function answersOf(route: Route, components: Components, more: RouteSchemas['answers'] = {}): Json {
  const errors = route.scopes === 'public' ? [400, 414, 431, 500, 503] : [400, 401, 403, 414, 429, 431, 500, 503];
  if (route.body !== undefined) errors.push(408);
  if (route.body === 'json' || route.body === 'text' || route.body === 'whole') errors.push(413);
  const native = route.errors === PROBLEM_FORM;
  const refused = native ? ProblemShape : Fault;
  const answers: Record<number, TSchema | null> = Object.fromEntries(errors.map((status) => [status, refused]));
  Object.assign(answers, route.schemas?.answers ?? { 200: null }, more);
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      {
        description: PHRASES[Number(status)] ?? 'Réponse',
        ...(schema === null ? {} : { content: content(components, schema, mediaOf(route, schema)) }),
        ...headersOf(route.schemas?.headers?.[Number(status)]),
      },
    ]),
  );
}

/** JSON, or the same as the part `folder` of a form beside parts that are files. */
function wholeBody(schema: unknown): Json {
  const form = {
    type: 'object',
    required: ['folder'],
    properties: { folder: schema },
    additionalProperties: { type: 'string', format: 'binary' },
  };
  const encoding = { folder: { contentType: 'application/json' } };
  return {
    requestBody: {
      required: true,
      content: { 'application/json': { schema }, 'multipart/form-data': { schema: form, encoding } },
    },
  };
}

/** Headers of an answer that are part of it, by name: what they say. */
function headersOf(headers: Readonly<Record<string, string>> | undefined): Json {
  if (headers === undefined) return {};
  const entries = Object.entries(headers);
  return {
    headers: Object.fromEntries(
      entries.map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
    ),
  };
}

function bodyOf(route: Route, components: Components): Json {
  if (route.body === 'stream' && route.media?.body === undefined) {
    return {
      requestBody: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
    };
  }
  const schema = route.schemas?.body;
  if (schema === undefined) return {};
  if (route.body === 'whole') return wholeBody(components.refer(schema));
  const media = { schema: components.refer(schema) };
  // A token is asked for by either (contract §3).
  const form = route.body === 'text' ? { 'application/x-www-form-urlencoded': media } : {};
  return { requestBody: { required: true, content: { ...form, [route.media?.body ?? 'application/json']: media } } };
}

const operationId = (method: string, path: string): string =>
  `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase())}`;

function operation(route: Route, components: Components): Json {
  return {
    operationId: operationId(route.method, route.path),
    summary: route.summary,
    tags: [route.path.split('/')[1]],
    security: route.scopes === 'public' ? [] : [{ client: route.scopes }],
    parameters: parametersOf(route, components),
    ...bodyOf(route, components),
    responses: answersOf(route, components),
  };
}

/** POST with `X-HTTP-Method-Override: PATCH` (contract §2). */
function overridden(route: Route, components: Components): Json {
  const header = {
    name: 'X-HTTP-Method-Override',
    in: 'header',
    required: true,
    schema: { type: 'string', const: 'PATCH' },
  };
  return {
    ...operation(route, components),
    operationId: operationId('POST', route.path),
    summary: `${route.summary} (POST au lieu de PATCH)`,
    parameters: [header, ...parametersOf(route, components)],
    responses: answersOf(route, components, { 405: Fault }),
  };
}

/** The document of these routes. */
export function describe(routes: readonly Route[]): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = operation(route, components);
    if (route.override) path['post'] = overridden(route, components);
  }
  const scopes = {
    OSL: 'émetteur',
    SI: 'destinataire',
    ADMIN: 'administration',
    DATAPASS: 'habilitation',
    PARTNER: 'partenaire, pour ses démarches',
    PORTAL: 'portail : connexion des agents, et rien d’autre',
    AGENT: 'agent connecté, pour ses démarches ; jeton donné par /relais/v1/sessions/token',
  };
  return {
    openapi: '3.1.0',
    info: { title: 'Relais', version: VERSION, description: DESCRIPTION },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        client: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes } } },
      },
    },
  };
}

/** The route that answers the document of all the others; made when first asked for. */
export function openapiRoute(routes: readonly Route[]): Route {
  let text: string | undefined;
  return {
    method: 'GET',
    path: '/openapi.json',
    scopes: 'public',
    summary: 'Ce document',
    handler: () => {
      text ??= JSON.stringify(describe(routes));
      return { status: 200, text };
    },
  };
}
