import type { Id } from '../../ids.ts';
import type { Absence } from '../absence.ts';
import {
  AGENT_ROLES,
  type AgentRole,
  type AgentState,
  type Membership,
  NOTICE_FREQUENCIES,
  type Notice,
  type NoticeFrequency,
  type StaffState,
} from '../agent.ts';
import type { Enrolment, Passkey } from '../passkey.ts';
import { code, flag, list, orNull, packOrg, type Row, rows, tableOf, trim, uncode, unpackOrg } from './field.ts';

const ROLES = tableOf(AGENT_ROLES);
const FREQUENCIES = tableOf(NOTICE_FREQUENCIES);

const absenceRow = ({ from, to, substitute, by }: Absence): Row => [from, to, substitute, by];

const absenceOf = ([from, to, substitute, by]: Row): Absence => ({
  from: from as number,
  to: to as number,
  substitute: substitute as Id,
  by: by as Id,
});

const membershipRow = ({ org, role, processes, since, absence }: Membership): Row =>
  trim([packOrg(org), code(ROLES, role), since, processes, absence && absenceRow(absence)]);

const membershipOf = (row: Row): Membership => ({
  org: unpackOrg(row[0]),
  role: uncode<AgentRole>(AGENT_ROLES, row[1]),
  since: row[2] as number,
  processes: orNull(row[3]),
  absence: row[4] ? absenceOf(row[4] as Row) : null,
});

const noticeOf = ([process, frequency]: Row): Notice => ({
  process: process as string,
  frequency: uncode<NoticeFrequency>(NOTICE_FREQUENCIES, frequency),
});

const passkeyRow = ({ id, key, counter, name, transports, synced, created, used }: Passkey): Row =>
  trim([id, key, created, name, counter, list(transports), flag(synced), used]);

const passkeyOf = (row: Row): Passkey => ({
  id: row[0] as string,
  key: row[1] as string,
  created: row[2] as number,
  name: row[3] as string,
  counter: (row[4] ?? 0) as number,
  transports: (row[5] ?? []) as string[],
  synced: row[6] === 1,
  used: orNull(row[7]),
});

const enrolmentOf = ([hash, until]: Row): Enrolment => ({ hash: hash as string, until: until as number });

export const encodeAgent = (state: AgentState): Row =>
  trim([
    state.id,
    state.email,
    state.created,
    list(state.memberships.map(membershipRow)),
    state.subject,
    state.givenName,
    state.familyName,
    state.quality,
    state.service,
    state.updated,
    flag(state.national),
    state.suspended,
    list(state.notices.map(({ process, frequency }) => [process, code(FREQUENCIES, frequency)])),
    state.toldUpTo,
    state.digested,
    list(state.passkeys.map(passkeyRow)),
    state.enrolment && [state.enrolment.hash, state.enrolment.until],
  ]);

export const decodeAgent = (row: Row): AgentState => ({
  id: row[0] as Id,
  email: row[1] as string,
  created: row[2] as number,
  memberships: rows(row[3]).map(membershipOf),
  subject: orNull(row[4]),
  givenName: orNull(row[5]),
  familyName: orNull(row[6]),
  quality: orNull(row[7]),
  service: orNull(row[8]),
  updated: orNull(row[9]),
  national: row[10] === 1,
  suspended: orNull(row[11]),
  notices: rows(row[12]).map(noticeOf),
  toldUpTo: orNull(row[13]),
  digested: orNull(row[14]),
  passkeys: rows(row[15]).map(passkeyOf),
  enrolment: row[16] ? enrolmentOf(row[16] as Row) : null,
});

export const encodeStaff = ({ org, administrators, others }: StaffState): Row =>
  trim([packOrg(org), administrators, list(others)]);

export const decodeStaff = (row: Row): StaffState => ({
  org: unpackOrg(row[0]),
  administrators: row[1] as Id[],
  others: (row[2] ?? []) as Id[],
});
