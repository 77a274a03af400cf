// The server's faults and the fields they belong to: a JSON pointer names both.
import { nextTick } from 'vue';
import type { Fault, Problem } from '../api.ts';
import { t } from '../language.ts';

/** The id of the field for "/work/0/from". */
export const fieldId = (pointer: string) => `field${pointer.split('/').join('-')}`;

export type Faults = Record<string, string>; // by pointer

export const faultsOf = (errors: Fault[]): Faults =>
  Object.fromEntries(errors.map((fault) => [fault.pointer, fault.detail]));

/** The faults of a refusal that has any; else the refusal itself is what there is to say. */
export const faultsOfProblem = (problem: Problem | undefined): Faults => faultsOf(problem?.errors ?? []);

/** What is empty of a few texts that are all required. */
export const emptyFaults = (values: Record<string, string>): Faults =>
  Object.fromEntries(Object.keys(values).filter((name) => values[name].trim() === '').map((name) => [`/${name}`, t('form.required')]));

/** What the browser finds wrong with a control. */
export function controlFault({ validity, inputMode, min, max, minLength, localName, type }: HTMLInputElement): string {
  if (validity.badInput && type.startsWith('date')) return t('form.date');
  if (validity.valueMissing) return t(localName === 'select' ? 'form.choose' : 'form.required');
  if (validity.tooShort) return t('form.short', { least: minLength });
  if (validity.rangeUnderflow || validity.rangeOverflow) return t('form.between', { least: min, most: max });
  if (validity.patternMismatch && inputMode === 'decimal') return t('form.amount');
  return t('form.number');
}

/** The element that stands for a pointer, or for the nearest thing around it. */
function elementOf(pointer: string): HTMLElement | null {
  for (let at = pointer; at; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = document.getElementById(fieldId(at));
    if (found) return found;
  }
  return null;
}

export async function focusField(pointer: string) {
  await nextTick();
  const element = elementOf(pointer);
  if (!element) return;
  const control = element.matches('input, select, textarea, button')
    ? element : element.querySelector<HTMLElement>('input, select, textarea, button') ?? element;
  control.focus();
  element.scrollIntoView({ block: 'center' });
}
