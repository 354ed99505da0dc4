import type { Id } from '../../ids.ts';
import { type OfficeState, TEMPLATE_KINDS, type Template, type TemplateKind } from '../office.ts';
import { code, list, orNull, packOrg, type Row, rows, tableOf, trim, uncode, unpackOrg } from './field.ts';

const KINDS = tableOf(TEMPLATE_KINDS);

const templateRow = ({ id, kind, name, process, text, updated }: Template): Row =>
  trim([id, code(KINDS, kind), name, text, updated, process]);

const templateOf = (row: Row): Template => ({
  id: row[0] as Id,
  kind: uncode<TemplateKind>(TEMPLATE_KINDS, row[1]),
  name: row[2] as string,
  text: row[3] as string,
  updated: row[4] as number,
  process: orNull(row[5]),
});

const passkeysOf = ([by, since]: Row): OfficeState['passkeys'] => ({ by: by as string, since: since as number });

export const encodeOffice = ({ org, passkeys, templates }: OfficeState): Row =>
  trim([packOrg(org), passkeys && [passkeys.by, passkeys.since], list(templates.map(templateRow))]);

export const decodeOffice = (row: Row): OfficeState => ({
  org: unpackOrg(row[0]),
  passkeys: row[1] ? passkeysOf(row[1] as Row) : null,
  templates: rows(row[2]).map(templateOf),
});
