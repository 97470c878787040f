/**
 * What the visitor chose about the page itself. Theme and language are the only two things kept by
 * default; where the browser refuses storage they last as long as the tab.
 */
import type { BackendChoice } from '../runtime/runtime';

export type Theme = 'auto' | 'light' | 'dark';
export type Language = 'en' | 'zh';

const themeKey = 'obscura.theme';
const languageKey = 'obscura.lang';
const themes: readonly Theme[] = ['auto', 'light', 'dark'];

export interface SettingsSources {
  readonly query: URLSearchParams;
  readonly languages: readonly string[];
  /** Asked for each time: reading `localStorage` itself can throw. */
  readonly storage: () => Storage;
}

export class Settings {
  readonly #storage: () => Storage;
  #theme = $state<Theme>('auto');
  #language = $state<Language>('en');
  readonly backend: BackendChoice;

  constructor({ query, languages, storage }: SettingsSources) {
    this.#storage = storage;
    this.#theme = themes.find((theme) => theme === this.#read(themeKey)) ?? 'auto';
    this.#language =
      asLanguage(query.get('lang')) ??
      asLanguage(this.#read(languageKey)) ??
      (languages[0]?.toLowerCase().startsWith('zh') ? 'zh' : 'en');
    const backend = query.get('backend');
    this.backend = backend === 'webgpu' || backend === 'wasm' ? backend : 'auto';
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    this.#write(themeKey, theme);
  }

  get language(): Language {
    return this.#language;
  }

  set language(language: Language) {
    this.#language = language;
    this.#write(languageKey, language);
  }

  #read(key: string): string | null {
    try {
      return this.#storage().getItem(key);
    } catch {
      return null;
    }
  }

  #write(key: string, value: string): void {
    try {
      this.#storage().setItem(key, value);
    } catch {
      // Refused storage costs the visitor nothing but the memory of this choice.
    }
  }
}

function asLanguage(value: string | null): Language | null {
  return value === 'en' || value === 'zh' ? value : null;
}
