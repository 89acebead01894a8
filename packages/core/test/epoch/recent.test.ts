import { describe, expect, it } from 'vitest';
import { Recent } from '../../src/epoch/recent.js';

describe('what is recent', () => {
  const recent = (): Recent<number> => new Recent<number>(3, (time) => time);

  it('is there until there is no room for it, and then leaves its time as a floor', () => {
    const times = recent();
    for (const time of [10, 20, 30]) times.set(`at ${time}`, time);
    expect(times.floorMs(0)).toBe(0);
    times.set('at 40', 40);
    expect(times.get('at 10')).toBeUndefined();
    expect(times.get('at 20')).toBe(20);
    expect(times.floorMs(0)).toBe(10);
  });

  it('counts from when it was set last', () => {
    const times = recent();
    for (const time of [10, 20, 30]) times.set(`at ${time}`, time);
    times.set('at 10', 35);
    times.set('at 40', 40);
    expect(times.get('at 10')).toBe(35);
    expect(times.floorMs(0)).toBe(20);
  });

  it('forgets a floor that is older than what is asked about', () => {
    const times = recent();
    for (const time of [10, 20, 30, 40]) times.set(`at ${time}`, time);
    expect(times.floorMs(9)).toBe(10);
    expect(times.floorMs(10)).toBe(0);
  });
});
