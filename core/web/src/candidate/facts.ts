// The facts that a condition is about: which lists of them there are, and which of these a condition asks for.
import type { Schemas } from '../shared/api.ts';
import type { Faults } from '../shared/form/faults.ts';
import { lists } from '../shared/form/lists.ts';
import { filled, missing, type Schema, type Values } from '../shared/form/schema.ts';

export type Lists = Record<string, Values[]>;
type Requirement = Schemas['Requirement'];

const listOfKind: Record<string, string> = {
  certificate: 'certificates', title: 'titles', diploma: 'diplomas', training: 'trainings', work: 'work',
};

function kinds(requirement: Requirement): string[] {
  if ('all' in requirement) return requirement.all.flatMap(kinds);
  if ('any' in requirement) return requirement.any.flatMap(kinds);
  return [requirement.kind];
}

export function asksFor(requirement: Requirement | undefined): { lists: string[]; birth: boolean } {
  const found = requirement ? kinds(requirement) : [];
  return {
    lists: [...new Set(found.map((kind) => listOfKind[kind]).filter((list) => list in lists))],
    birth: found.includes('age'),
  };
}

/** The condition's own row first: an empty one stands ready to be filled in. */
export const withFirstRow = (rows: Values[] | undefined): Values[] =>
  rows && rows.length > 0 ? (JSON.parse(JSON.stringify(rows)) as Values[]) : [{}];

/** What is sent of a list: rows left empty at its end are no rows. */
export function filledRows(rows: Values[]): Values[] {
  const all = rows.map(filled);
  while (all.length > 0 && Object.keys(all[all.length - 1]).length === 0) all.pop();
  return all;
}

export const missingInRows = (list: string, rows: Values[], schema = lists[list].items as Schema): Faults =>
  Object.assign({}, ...rows.map((row, index) => missing(schema, row, `/${list}/${index}`)));
