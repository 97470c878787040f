import { expect, test } from 'vitest';
import type { WorkProgress } from '../base/progress';
import { steadyProgress } from './steady-progress';

const at = (done: number, total = 10): WorkProgress => ({ kind: 'work', stage: 'draw', done, total });

test('progress that rises is shown as it comes', () => {
  expect(steadyProgress(null, at(0))).toEqual(at(0));
  expect(steadyProgress(at(3), at(4))).toEqual(at(4));
});

test('a job begun again never falls on screen, also where its total is another', () => {
  let shown: WorkProgress | null = null;
  const shares = [at(0), at(6), at(0, 40), at(20, 40), at(30, 40), at(40, 40)].map((now) => {
    shown = steadyProgress(shown, now);
    return shown.done / shown.total;
  });
  expect(shares).toEqual([0, 0.6, 0.6, 0.6, 0.75, 1]);
});
