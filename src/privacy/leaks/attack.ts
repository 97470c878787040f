/**
 * Tries ways out one after the other, each with a token of its own, and notes what the thread was told.
 * The powers used here are refused to every other file (architecture.test.ts). They stand here because a boundary that
 * nobody may attack cannot be checked; the addresses are made here from a dead name or of this app and a random token,
 * so that nothing of the visitor is ever in them.
 */
import type { Attempt, LeakChannel, Tried } from '../leaks';
import { pause, type Carrier, type Line } from './carriers';

export interface Attack extends Line {
  /** Scheme, host and port of the foreign side; the token goes before the host as a name of its own. */
  readonly foreign: string;
  /** For one channel whose thread may be gone before it can tell its token. */
  readonly token?: string;
}

export interface TokenAttempt extends Attempt {
  readonly token: string;
}

/** 24 hexadecimal digits. */
function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `t${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function addressOf({ id, target }: LeakChannel, token: string, { base, foreign }: Attack): string {
  const name = id.replace(':', '-');
  if (target === 'own') return `${base}leak-${name}?d=${token}`;
  const { protocol, host } = new URL(foreign);
  // A number has no names below it.
  const named = /^[\d.]+(:\d+)?$/.test(host) ? host : `${token}.${host}`;
  return `${protocol}//${named}/leak-${name}?d=${token}`;
}

interface Said {
  readonly effectiveDirective: string;
}

/** `carriers` by the first half of a channel's id. The next one waits until an attempt was heard. */
export async function attack(
  channels: readonly LeakChannel[],
  carriers: Readonly<Record<string, Carrier>>,
  line: Attack,
  report: (attempt: TokenAttempt) => void | Promise<void>,
): Promise<void> {
  for (const channel of channels) {
    const token = line.token ?? newToken();
    const address = addressOf(channel, token, line);
    let directive: string | null = null;
    let guarded = false;
    const violated = (event: Event) => (directive = (event as Event & Said).effectiveDirective);
    const cancelled = () => (guarded = true);
    addEventListener('securitypolicyviolation', violated);
    addEventListener('obscura-guard', cancelled);
    let tried: Tried = 'refused';
    let error: string | null = null;
    try {
      tried = (await carriers[channel.id.split(':')[0] ?? '']?.(address, line)) ?? 'absent';
    } catch (thrown) {
      error = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : 'Error';
    }
    // A violation is told after the refusal.
    await pause(60);
    removeEventListener('securitypolicyviolation', violated);
    removeEventListener('obscura-guard', cancelled);
    await report({ channel: channel.id, token, tried, directive, guarded, error });
  }
}
