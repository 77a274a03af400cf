// The texts of the reviewers' reason codes, in the language that is shown; asked for once each.
import { reactive } from 'vue';
import { askOnce, Problem, server } from './api.ts';
import { language } from './language.ts';

const texts = reactive<Record<string, Record<string, string>>>({});

async function load(spoken: string) {
  texts[spoken] = {};
  try {
    const { reasons } = await askOnce(() => server.GET('/reasons'));
    texts[spoken] = Object.fromEntries(reasons.map(({ code, text }) => [code, text]));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    delete texts[spoken];
  }
}

/** The code itself until its text has come. */
export function reasonText(code: string): string {
  if (!texts[language()]) void load(language());
  return texts[language()]?.[code] ?? code;
}
