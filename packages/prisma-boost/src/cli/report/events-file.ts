import { readFile } from 'node:fs/promises';
import { BoostError } from '@boost/core';

/** A data point that was counted, and when. */
export interface Counted {
  readonly timestampMs: number;
  /** For how many it stands. */
  readonly weight: number;
  readonly index: string;
  /** By position, from 1, as Analytics Engine names columns. */
  blob(position: number): string;
  double(position: number): number;
}

/**
 * Reads data points of both datasets: one of JSON a line, as `writeDataPoint` got it, with its `timestamp` and, where it
 * stands for more than one, `_sample_interval`.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export async function readEvents(path: string, shown: string): Promise<readonly Counted[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { message } = error as Error;
    throw refused(shown, `cannot be read: ${message}`, error);
  }
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const point = counted(line);
    if (point !== undefined) return [point];
    const example =
      '{"timestamp":"2026-01-31T12:00:00Z","indexes":["Post"],"blobs":[…],"doubles":[…]}';
    throw refused(shown, `line ${String(at + 1)} is no data point: write ${example}`);
  });
}

function refused(path: string, why: string, cause?: unknown): BoostError {
  return new BoostError('BOOST_OPTION_INVALID', `--events ${path}: ${why}`, {
    ...(cause === undefined ? {} : { cause }),
    details: { name: 'events' },
  });
}

function counted(line: string): Counted | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Told by the caller, with the number of the line.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { timestamp, _sample_interval: weight = 1, indexes, blobs, doubles } = value as Line;
  const timestampMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  const isPoint =
    !Number.isNaN(timestampMs) &&
    typeof weight === 'number' &&
    weight >= 1 &&
    isListOf('string', indexes) &&
    isListOf('string', blobs) &&
    isListOf('number', doubles);
  if (!isPoint) return undefined;
  return {
    ...{ timestampMs, weight, index: indexes[0] ?? '' },
    blob: (position) => blobs[position - 1] ?? '',
    double: (position) => doubles[position - 1] ?? 0,
  };
}

type Line = Readonly<
  Partial<Record<'timestamp' | '_sample_interval' | 'indexes' | 'blobs' | 'doubles', unknown>>
>;

function isListOf<T extends 'string' | 'number'>(
  type: T,
  value: unknown,
): value is readonly (T extends 'string' ? string : number)[] {
  return Array.isArray(value) && value.every((item) => typeof item === type);
}
