/** What an object has stored, as it would be found after a power cut. */
export class Disk {
  values: Map<string, unknown> = new Map();
  alarmAtMs: number | null = null;

  copy(): Disk {
    const copy = new Disk();
    copy.values = new Map(this.values);
    copy.alarmAtMs = this.alarmAtMs;
    return copy;
  }
}

/** One change of what is stored. */
export type Change = (disk: Disk) => void;
