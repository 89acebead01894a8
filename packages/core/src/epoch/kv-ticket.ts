import type { ReadTimes, Stamp } from './authority.js';
import { scopeHash } from './log/scope-hash.js';
import { ticketsIn } from './ticket.js';

const TICKET = /^k1\.([0-9a-z]{1,11})((?:\.[0-9a-z]{1,11}_[0-9a-z]{0,11}_[0-9a-z]{1,11})*)$/;
/** At most 36 characters each, and 2 KB together with a bookmark of D1. */
const MAX_ANSWERS = 53;

/** An answer as a ticket carries it: of its fill only a hash. */
export interface CarriedAnswer {
  /** Empty where no entry is known to hold it. */
  readonly fill: string;
  readonly endMs: number;
}

/** What a session hands on to whoever continues it. */
export interface KVTicket {
  /** What it reads has to be read from the database after this. */
  readonly floorMs: number;
  /** By hash of the query. */
  readonly answers: ReadonlyMap<string, CarriedAnswer>;
}

/** @param nowMs - times of the future are taken for the present; what is ill-formed is left out */
export function parseKVTicket(text: string | undefined, nowMs: number): KVTicket {
  let floorMs = 0;
  const answers = new Map<string, CarriedAnswer>();
  for (const ticket of ticketsIn(text)) {
    const [, time, list = ''] = TICKET.exec(ticket) ?? [];
    if (time === undefined) continue;
    floorMs = Math.max(floorMs, timeOf(time, nowMs));
    for (const part of list.split('.').slice(1)) {
      const [query = '', fill = '', end = ''] = part.split('_');
      carry(answers, query, { fill, endMs: timeOf(end, nowMs) });
    }
  }
  return { floorMs, answers };
}

/** Of too many answers the latest are carried, and the floor stands for the others: that costs hits, and no promise. */
export function formatKVTicket({ floorMs, answers }: KVTicket): string {
  const latest = [...answers].sort(([, a], [, b]) => b.endMs - a.endMs);
  const dropped = latest[MAX_ANSWERS]?.[1].endMs ?? 0;
  const raised = Math.max(floorMs, dropped);
  const carried = latest.slice(0, MAX_ANSWERS).filter(([, { endMs }]) => endMs > raised);
  if (raised === 0 && carried.length === 0) return '';
  const parts = carried.map(([query, { fill, endMs }]) => `.${query}_${fill}_${textOf(endMs)}`);
  return `k1.${textOf(raised)}${parts.join('')}`;
}

export function queryHash(query: string): string {
  return textOf(scopeHash(query));
}

export function carriedAnswer(fillId: unknown, { endMs }: ReadTimes): CarriedAnswer {
  return { fill: fillHash(fillId), endMs };
}

/** Whether an entry is the one that a ticket speaks of. */
export function isCarried({ fill, endMs }: CarriedAnswer, stamp: Stamp, times: ReadTimes): boolean {
  return fill !== '' && fill === fillHash(stamp[0]) && endMs === times.endMs;
}

/** Of two answers to one query, of which nobody knows the later: what comes must be later than both. */
function carry(answers: Map<string, CarriedAnswer>, query: string, answer: CarriedAnswer): void {
  const other = answers.get(query);
  const isOther =
    other !== undefined && (other.fill !== answer.fill || other.endMs !== answer.endMs);
  answers.set(query, isOther ? { fill: '', endMs: Math.max(other.endMs, answer.endMs) } : answer);
}

function fillHash(fillId: unknown): string {
  return typeof fillId === 'string' ? textOf(scopeHash(fillId)) : '';
}

function timeOf(text: string, nowMs: number): number {
  return Math.min(Number.parseInt(text, 36), nowMs);
}

function textOf(value: number): string {
  return value.toString(36);
}
