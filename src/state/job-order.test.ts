import { describe, expect, it } from 'vitest';
import { jobsToStart, neighbour, nextWaiting, type JobKind } from './job-order';

const jobs = (...kinds: JobKind[]) => kinds.map((kind, index) => ({ id: String(index), kind }));
const ids = (list: readonly { id: string }[]): string[] => list.map((job) => job.id);

describe('the one action', () => {
  it('starts every photo that was not drawn yet', () => {
    expect(ids(jobsToStart(jobs('done', 'new', 'failed', 'new'), '0').run)).toEqual(['1', '3']);
  });

  it('tries the selected one again where it failed or was cancelled', () => {
    expect(ids(jobsToStart(jobs('failed', 'new', 'failed'), '0').run)).toEqual(['0', '1']);
    expect(ids(jobsToStart(jobs('cancelled'), '0').run)).toEqual(['0']);
  });

  it('draws a finished photo once more as a further result', () => {
    expect(jobsToStart(jobs('done', 'done'), '1').again?.id).toBe('1');
  });

  it('has nothing to do without a photo', () => {
    expect(jobsToStart([], null)).toEqual({ run: [], again: null });
  });
});

describe('the queue', () => {
  it('draws in the order of the strip', () => {
    expect(nextWaiting(jobs('done', 'failed', 'waiting', 'waiting'))?.id).toBe('2');
    expect(nextWaiting(jobs('done', 'new'))).toBeNull();
  });

  it('shows the neighbour of what was deleted', () => {
    expect(neighbour(jobs('done', 'done', 'done'), 1)?.id).toBe('2');
    expect(neighbour(jobs('done', 'done'), 1)?.id).toBe('0');
    expect(neighbour(jobs('done'), 0)).toBeNull();
  });
});
