// The two languages: choosing one, loading its texts, saying them.
import { createI18n, type MessageContext, type MessageFunction } from 'vue-i18n';

export type Language = 'zh' | 'en';
type Loader = () => Promise<{ default: Record<string, string> }>;

const kept = 'kaowu.language';
const tags = { zh: 'zh-CN', en: 'en' };
let loaders: Record<Language, Loader>;

/** As the library's own compiler is called, whose types leave out the two by which a text becomes a string, or elements with a link in it. */
type Context = MessageContext & { normalize(parts: unknown[]): string; interpolate(value: unknown): unknown };

const compiled = new Map<string, (context: Context) => string>();

/** A text is words and {names}, and no more; the grammar of the library's own compiler is long to load and to run. */
function compile(text: string) {
  const known = compiled.get(text);
  if (known) return known;
  const parts = text.split(/\{(\w+)\}/);
  const made = ({ normalize, interpolate, named }: Context) =>
    normalize(parts.map((part, index) => (index % 2 ? interpolate(named(part)) : part)));
  compiled.set(text, made);
  return made;
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh' as string,
  fallbackLocale: [],
  messageCompiler: (text) => compile(text as string) as MessageFunction,
  // Keys have dots, and the texts lie flat.
  messageResolver: (texts, key) => (texts as Record<string, string>)[key] ?? null,
});

const { t, te, locale } = i18n.global;
export { t, te };

export const language = () => locale.value as Language;
/** For Accept-Language, Intl and lang attributes. */
export const tag = () => tags[language()];

/** The text of a key, or what else to say where there is none: a name that came from the server. */
export const say = (key: string, otherwise: string) => (te(key) ? t(key) : otherwise);

function preferred(): Language {
  const chosen = localStorage.getItem(kept);
  if (chosen === 'zh' || chosen === 'en') return chosen;
  for (const each of navigator.languages) {
    if (each.startsWith('zh')) return 'zh';
    if (each.startsWith('en')) return 'en';
  }
  return 'zh';
}

async function speak(next: Language) {
  const texts = await loaders[next]();
  i18n.global.setLocaleMessage(next, texts.default);
  locale.value = next;
  document.documentElement.lang = tag();
}

export async function languageStart(all: Record<Language, Loader>) {
  loaders = all;
  await speak(preferred());
}

export async function languageSwitch(next: Language) {
  await speak(next);
  localStorage.setItem(kept, next);
}
