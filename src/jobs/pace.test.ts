import { expect, test } from 'vitest';
import type { WorkProgress } from '../base/progress';
import { Pace } from './pace';

const at = (done: number): WorkProgress => ({ kind: 'work', stage: 'draw', done, total: 100 });

test('a first job says nothing before it has measured something', () => {
  const pace = new Pace();
  expect(pace.withTimeLeft('net', at(5), 400)).not.toHaveProperty('msLeft');
  expect(pace.withTimeLeft('net', at(20), 1000).msLeft).toBe(4000);
});

test('a later job of the same model knows from its first step, another model does not', () => {
  const pace = new Pace();
  pace.remember('net', 100, 2000);
  expect(pace.withTimeLeft('net', at(0), 1).msLeft).toBe(2000);
  expect(pace.withTimeLeft('net', at(100), 1900).msLeft).toBe(0);
  expect(pace.withTimeLeft('other', at(0), 1)).not.toHaveProperty('msLeft');
});
