/**
 * What in a prompt could point at a person: e-mail addresses, telephone and ID numbers by their form, names where their
 * neighbours give them away. By rules alone, on this device; it misses some, and takes some for what they are not.
 */
import { isIban, isResidentId } from '../vision-language/tasks/extract/check-digits';

export const personalKinds = ['email', 'phone', 'id', 'name'] as const;
export type PersonalKind = (typeof personalKinds)[number];

export interface PersonalMark {
  readonly kind: PersonalKind;
  /** Where it stands in the prompt, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Rule {
  readonly kind: PersonalKind;
  readonly pattern: RegExp;
  readonly holds?: (found: string, prompt: string, start: number) => boolean;
}

/** ISO 7812: every second digit from the right doubled. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = Array.from(digits, Number)
    .toReversed()
    .reduce((total, digit, at) => total + (at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0;
}

const countDigits = (text: string): number => text.replace(/\D/g, '').length;
const isDate = (text: string): boolean => /^\d{1,4}([./-])\d{1,2}\1\d{1,4}$/.test(text);

/** Before a name. */
const titles =
  'Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|President|Senator|Captain|Herr|Frau|Monsieur|Madame|Mme|Señora?|Signora?';
const capital = "\\p{Lu}[\\p{L}’'-]+";
/** Between two capital words of one name. */
const particle = '(?:(?:van|von|de|der|den|da|di|del|la|le|bin|al) )*';
const surnames =
  '欧阳|司马|上官|诸葛|司徒|王|李|张|刘|陈|杨|黄|赵|吴|周|徐|孙|马|朱|胡|郭|何|高|林|郑|谢|罗|梁|宋|唐|许|韩|冯|邓|曹|彭|曾|肖|田|董|潘|袁|蔡|蒋|余|于|杜|叶|程|魏|苏|吕|丁|任|卢|姚|沈|钟|姜|崔|谭|陆|范|汪|廖|石|金|韦|贾|夏|付|方|邹|熊|白|孟|秦|邱|侯|江|尹|薛|闫|雷|龙|史|陶|贺|毛|郝|顾|龚|邵|万|覃|武|钱|戴|严|欧|莫|孔|向|常';

/** Words beside which two capital words are a place, a work or a style. */
const unpersonal =
  /\b(?:Tower|Bridge|Street|Avenue|Square|Park|City|Town|River|Lake|Sea|Ocean|Bay|Island|Mountains?|Mount|Valley|Canyon|Falls|Desert|Castle|Palace|Temple|Cathedral|Church|Museum|Station|Airport|University|House|Hall|Gate|Wall|Canal|Beach|Coast|New|North|South|East|West|San|Santa|Saint|Los|Las|Art|Nouveau|Deco|Studio|Style|Pop|World|Wars?|Trek|Christmas|Easter|Year|Day|Night|Century|Empire|Kingdom|Republic|States|Union|Renaissance|Baroque|Golden|Great|Hong|Kong|Rolls|Royce|Model|Edition|Eve)\b/u;

const rules: readonly Rule[] = [
  {
    kind: 'email',
    pattern: /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
  },
  { kind: 'id', pattern: /(?<![\dA-Za-z])\d{6} ?\d{8} ?\d{3}[\dXx](?![\dA-Za-z])/g, holds: isResidentId },
  { kind: 'id', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{2,4}){3,8}\b/g, holds: isIban },
  { kind: 'id', pattern: /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g, holds: isCardNumber },
  { kind: 'id', pattern: /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g },
  {
    kind: 'id',
    pattern:
      /(?:\b(?:passport|identity card|id card|id|ssn|social security|licen[cs]e|tax|insurance|patient|employee|student|account)\b(?: (?:number|no\.?|nr\.?|#))?|身份证|护照|社保|驾照|学号|工号|账号)(?:号码?|编号)?[:： #是为]{0,3}(?=[A-Za-z\d-]*\d)[A-Za-z]{0,3}\d[A-Za-z\d-]{4,19}/giu,
  },
  {
    kind: 'phone',
    pattern: /(?<![\d.])(?:\+|00)\d{1,3}(?:[ .\-/]?\(?\d+\)?){2,8}(?!\d)/g,
    holds: (text) => countDigits(text) >= 8 && countDigits(text) <= 17,
  },
  { kind: 'phone', pattern: /(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)/g },
  {
    kind: 'phone',
    pattern: /(?<![\d.])\(?0\d{1,4}\)?(?:[ .\-/]?\d{2,8}){1,5}(?!\d)/g,
    holds: (text) => countDigits(text) >= 9 && countDigits(text) <= 13 && !isDate(text),
  },
  { kind: 'phone', pattern: /(?<![\d-])\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}(?![\d-])/g },
  {
    kind: 'name',
    pattern: new RegExp(`(?<![\\p{L}])(?:${titles})\\.? (?:${particle}${capital} ?){1,3}`, 'gu'),
  },
  {
    kind: 'name',
    pattern: new RegExp(
      `(?<=\\b(?:named|called|name is|known as) )(?:${capital} ?)(?:${particle}${capital} ?){0,2}`,
      'gu',
    ),
  },
  {
    kind: 'name',
    pattern: new RegExp(
      `(?<![\\p{L}’'-])${capital} ${particle}${capital}(?: ${capital})?(?![\\p{L}’'-])`,
      'gu',
    ),
    holds: (text, prompt, start) =>
      !unpersonal.test(text) && !hasArticle(prompt, start) && !isTitleCase(prompt),
  },
  {
    kind: 'name',
    pattern: new RegExp(`(?<=名叫|叫做|名为|叫作|姓名[:：是]?)(?:${surnames})\\p{Script=Han}{1,2}`, 'gu'),
  },
  {
    kind: 'name',
    pattern: new RegExp(
      `(?:${surnames})\\p{Script=Han}{0,2}(?=先生|女士|小姐|太太|老师|教授|医生|博士|总统|主席|总理|警官)`,
      'gu',
    ),
  },
];

/** "The Old Harbour" is no name. */
function hasArticle(prompt: string, start: number): boolean {
  return /(?<!\p{L})(?:the|an?) $/iu.test(prompt.slice(Math.max(0, start - 5), start));
}

/** Where most words begin with a capital, a capital says nothing. */
function isTitleCase(prompt: string): boolean {
  const words = prompt.match(/(?<!\p{L})\p{L}{4,}/gu) ?? [];
  return words.length > 3 && words.filter((word) => /^\p{Lu}/u.test(word)).length > words.length / 2;
}

/** In their order; where two overlap, the kind that stands first in `personalKinds`. */
export function personalMarks(prompt: string): PersonalMark[] {
  const marks: PersonalMark[] = [];
  for (const { kind, pattern, holds } of rules) {
    for (const { 0: found, index: start } of prompt.matchAll(pattern)) {
      const text = found.trimEnd();
      const end = start + text.length;
      const isFree = marks.every((mark) => end <= mark.start || start >= mark.end);
      if (isFree && (holds?.(text, prompt, start) ?? true)) marks.push({ kind, start, end, text });
    }
  }
  return marks.toSorted((one, other) => one.start - other.start);
}
