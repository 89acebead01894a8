import type { AnalyticsDataset, DataPoint } from '../../src/index.js';

/** Keeps what it is given, and refuses what the platform would refuse. */
export class RecordingDataset implements AnalyticsDataset {
  readonly points: DataPoint[] = [];

  writeDataPoint(point: DataPoint): void {
    const { indexes, blobs, doubles } = point;
    const bytes = (text: string): number => new TextEncoder().encode(text).length;
    if (indexes.length !== 1 || indexes.some((index) => bytes(index) > 96)) {
      throw new TypeError('one index of at most 96 bytes');
    }
    if (blobs.length > 20 || doubles.length > 20) throw new TypeError('20 blobs, 20 doubles');
    if (blobs.reduce((sum, blob) => sum + bytes(blob), 0) > 16 * 1024) {
      throw new TypeError('16 KB of blobs');
    }
    if (!doubles.every(Number.isFinite)) throw new TypeError('doubles are numbers');
    this.points.push(structuredClone(point));
  }

  /** Sum of a column of the rows of one kind. */
  sum(kind: string, column: number, index?: string): number {
    return this.of(kind, index).reduce((sum, { doubles }) => sum + (doubles[column - 1] ?? 0), 0);
  }

  of(kind: string, index?: string): DataPoint[] {
    return this.points.filter(
      ({ blobs, indexes }) => blobs[0] === kind && (index === undefined || indexes[0] === index),
    );
  }
}
