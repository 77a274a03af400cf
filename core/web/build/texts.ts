// virtual:texts/<entry>/<language>: the texts of one entry in one language, so that a phone loads only what it shows.
//
// messages/<area>.json holds both languages of a text beside each other, as schemas/messages does: {"plans.title":
// {"zh": ..., "en": ...}}. The words of a form's choices are keys of their own in Chinese
// (option.职工), and left out there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

type Text = { zh: string; en: string };

const folder = join(import.meta.dirname, '..', 'messages');
export const areas: Record<string, string[]> = {
  candidate: ['shared', 'form', 'candidate'],
  staff: ['shared', 'form', 'desk', 'staff', 'review', 'office'],
  operator: ['shared', 'form', 'desk', 'operator'],
};

export const file = (area: string) => join(folder, `${area}.json`);
export const read = (area: string): Record<string, Text> => JSON.parse(readFileSync(file(area), 'utf8'));

function of(entry: string, language: 'zh' | 'en') {
  const all: Record<string, string> = {};
  for (const area of areas[entry])
    for (const [key, text] of Object.entries(read(area)))
      if (key !== `option.${text[language]}`) all[key] = text[language];
  return all;
}

export function texts(): Plugin {
  const prefix = 'virtual:texts/';
  return {
    name: 'texts',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const [entry, language] = id.slice(prefix.length + 1).split('/');
      for (const area of areas[entry]) this.addWatchFile(file(area));
      // Parsed at run time: JSON is read several times faster than JavaScript.
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(of(entry, language as 'zh' | 'en')))})`;
    },
  };
}
