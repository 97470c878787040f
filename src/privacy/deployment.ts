/**
 * `obscura.config.json`, the one file in which an administrator says how a deployment differs: read once the wall
 * stands, and obeyed or refused as a whole. What it cannot do is open anything: the wall's list is the build's.
 */
import { StudioError } from '../base/errors';
import type { RetentionLimit } from './retention';

const maxConfigBytes = 64 * 1024;
const maxNoticeLength = 2000;

export interface Deployment {
  /** A line of the deployment's own under every notice. */
  readonly notice: { readonly en: string; readonly zh: string } | null;
  readonly models: {
    /** Ids or SHA-256 of what may be used besides the built-in models; null for all. */
    readonly allowed: readonly string[] | null;
    /** False: no model is taken from a file of the visitor's. */
    readonly import: boolean;
    /** 'here': no other host is asked for a model, whatever its card says. */
    readonly from: 'anywhere' | 'here';
  };
  /** 'on': kept for everybody, and not switched off on the page; 'off': not kept. */
  readonly audit: 'off' | 'offered' | 'on';
  /** How long a result may be kept at most. */
  readonly retention: RetentionLimit;
  /** 'always': every saved file says that a model made it. */
  readonly aiMark: 'by-choice' | 'always';
}

export const openDeployment: Deployment = {
  notice: null,
  models: { allowed: null, import: true, from: 'anywhere' },
  audit: 'offered',
  retention: 'until-deleted',
  aiMark: 'by-choice',
};

/** Until the settings are read nothing is done that they may forbid. */
export const unreadDeployment: Deployment = {
  ...openDeployment,
  models: { allowed: [], import: false, from: 'here' },
};

type Fields = Readonly<Record<string, unknown>>;

const audits = ['off', 'offered', 'on'] as const;
const aiMarks = ['by-choice', 'always'] as const;
/** The file's words for how long. */
const retentionWords: Readonly<Record<string, RetentionLimit>> = {
  nothing: 'nothing',
  session: 'session',
  '24-hours': 'day',
  '30-days': 'month',
  'until-deleted': 'until-deleted',
};

/** @throws StudioError deployment/invalid, whose details name the field */
export function readDeployment(text: string): Deployment {
  if (text.length > maxConfigBytes) throw invalid('', `more than ${maxConfigBytes} characters`);
  const config = fieldsOf(parse(text), '', [
    'format',
    'version',
    'notice',
    'models',
    'audit',
    'retention',
    'aiMark',
  ]);
  if (config['format'] !== 'obscura-config') throw invalid('format', 'not "obscura-config"');
  if (config['version'] !== 1) throw invalid('version', 'not 1');
  const { audit, retention, aiMark } = openDeployment;
  return {
    notice: readNotice(config['notice']),
    models: readModels(config['models']),
    audit: readWord(config, 'audit', audits) ?? audit,
    retention:
      retentionWords[readWord(config, 'retention', Object.keys(retentionWords)) ?? retention] ?? retention,
    aiMark: readWord(config, 'aiMark', aiMarks) ?? aiMark,
  };
}

function readWord<Word extends string>(
  config: Fields,
  name: string,
  known: readonly Word[],
): Word | undefined {
  const word = known.find((one) => one === config[name]);
  if (word === undefined && config[name] !== undefined) throw invalid(name, 'not one of its values');
  return word;
}

function readNotice(value: unknown): Deployment['notice'] {
  if (value === undefined) return null;
  const { en, zh } = fieldsOf(value, 'notice', ['en', 'zh']);
  const isNotice = (text: unknown): text is string =>
    typeof text === 'string' && text.trim() !== '' && text.length <= maxNoticeLength;
  if (!isNotice(en)) throw invalid('notice.en', `not 1 to ${maxNoticeLength} characters`);
  if (!isNotice(zh)) throw invalid('notice.zh', `not 1 to ${maxNoticeLength} characters`);
  return { en, zh };
}

function readModels(value: unknown): Deployment['models'] {
  const open = openDeployment.models;
  if (value === undefined) return open;
  const models = fieldsOf(value, 'models', ['allowed', 'import', 'from']);
  const { allowed = open.allowed, import: mayImport = open.import, from = open.from } = models;
  const isAllowed = (entry: unknown): entry is string =>
    typeof entry === 'string' && /^[\w.-]{1,200}$/.test(entry);
  if (allowed !== null && !(Array.isArray(allowed) && allowed.every(isAllowed)))
    throw invalid('models.allowed', 'not a list of model ids or SHA-256');
  if (typeof mayImport !== 'boolean') throw invalid('models.import', 'not true or false');
  if (from !== 'anywhere' && from !== 'here') throw invalid('models.from', 'not "anywhere" or "here"');
  return { allowed, import: mayImport, from };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw new StudioError('deployment/invalid', { field: '', reason: 'not JSON' }, { cause: thrown });
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name that is not known is refused: it may be one that was to forbid something. */
function fieldsOf(value: unknown, place: string, known: readonly string[]): Fields {
  if (!isFields(value)) throw invalid(place, 'not an object');
  const strange = Object.keys(value).find((name) => !known.includes(name));
  if (strange !== undefined) throw invalid(place === '' ? strange : `${place}.${strange}`, 'not known');
  return value;
}

function invalid(field: string, reason: string): StudioError {
  return new StudioError('deployment/invalid', { field, reason });
}
