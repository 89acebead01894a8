let made = 0;

/** Stands for `crypto.randomUUID`, so that a run can be played again. */
export function randomUUID(): string {
  made += 1;
  return `made-${String(made)}`;
}

export function restartUUIDs(): void {
  made = 0;
}
