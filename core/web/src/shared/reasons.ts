// The reviewers' reason codes with their texts, in the language that is shown; asked for once each.
import { reactive } from 'vue';
import { askOnce, Problem, server, type Schemas } from './api.ts';
import { language } from './language.ts';

export type Reason = Schemas['Reasons']['reasons'][number];

const known = reactive<Record<string, Reason[]>>({});

async function load(spoken: string) {
  known[spoken] = [];
  try {
    known[spoken] = (await askOnce(() => server.GET('/reasons'))).reasons;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    delete known[spoken];
  }
}

function reasons(): Reason[] {
  if (!known[language()]) void load(language());
  return known[language()] ?? [];
}

/** The code itself until its text has come. */
export const reasonText = (code: string): string => reasons().find((each) => each.code === code)?.text ?? code;

/** Those meant for an item ("material:portrait", "work") come first; any of the others may be given as well. */
export function reasonsFor(item: string): { fitting: Reason[]; others: Reason[] } {
  const fits = (reason: Reason) => reason.fits.includes(item) || reason.fits.includes(item.split(':')[0]);
  return { fitting: reasons().filter(fits), others: reasons().filter((reason) => !fits(reason)) };
}
