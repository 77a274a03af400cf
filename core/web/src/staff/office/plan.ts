// A plan's document as a form has it: every field a text or a list, so that nothing is lost while it is only half written.
import type { Schemas } from '../../shared/api.ts';

type Desk = Schemas['PlanDesk'];
type Draft = Schemas['PlanDraft'];

export interface PlanValues {
  name: string; filing_no: string; condition_set: string; work_type: string;
  apply_from?: string; apply_until?: string; pay_until?: string; papers_until?: string;
  yuan: string; places: string; payment: string[]; identities: string[]; note: string;
  venue: string; address: string; late_minutes: string;
  subjects: { subject: string; from?: string; until?: string }[];
  rooms: { name: string; seats: string }[];
}

/** How its state looks. */
export const tone: Record<Desk['state'], string> = { draft: 'warn', published: 'good', closed: '', cancelled: 'bad' };

const text = (value: unknown) => (value === undefined || value === null ? '' : String(value));

export function valuesOf({ document, subjects }: Desk): PlanValues {
  const timeOf = (id: string) => document.exam?.subjects?.find(({ subject }) => subject === id);
  return {
    name: document.name, filing_no: text(document.filing_no), condition_set: text(document.condition_set), work_type: text(document.work_type),
    apply_from: document.apply?.from, apply_until: document.apply?.until, pay_until: document.pay_until, papers_until: document.papers_until,
    yuan: document.fee_fen === undefined ? '' : (document.fee_fen / 100).toFixed(2), places: text(document.places),
    payment: [...(document.payment ?? [])], identities: [...(document.identities ?? [])], note: text(document.note),
    venue: text(document.exam?.venue), address: text(document.exam?.address), late_minutes: text(document.exam?.late_minutes),
    subjects: subjects.map(({ id }) => ({ subject: id, from: timeOf(id)?.from, until: timeOf(id)?.until })),
    rooms: (document.exam?.rooms ?? []).map(({ name, seats }) => ({ name: text(name), seats: text(seats) })),
  };
}

const number = (typed: string) => (typed.trim() === '' || Number.isNaN(Number(typed)) ? undefined : Number(typed));
const said = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined && each !== '')) as Value;

/** What is sent: the document, with what the form does not show as it was, and without what was left empty. */
export function documentOf(before: Draft, values: PlanValues): Draft {
  const { code, occupation_code, level, plugin } = before;
  const fee = number(values.yuan);
  return said({
    code, occupation_code, level, plugin, name: values.name, filing_no: values.filing_no, condition_set: values.condition_set, work_type: values.work_type,
    apply: said({ from: values.apply_from, until: values.apply_until }), pay_until: values.pay_until, papers_until: values.papers_until,
    fee_fen: fee === undefined ? undefined : Math.round(fee * 100), places: number(values.places), note: values.note,
    payment: values.payment.length > 0 ? values.payment : undefined,
    identities: values.identities.length > 0 ? (values.identities as Draft['identities']) : undefined,
    exam: said({
      venue: values.venue, address: values.address, late_minutes: number(values.late_minutes), subjects: values.subjects.map(said),
      rooms: values.rooms.map(({ name, seats }) => said({ name, seats: number(seats) })),
    }),
  });
}

const labels: [RegExp, string][] = [
  [/^\/name/, 'plans.name'], [/^\/code/, 'plans.code'], [/^\/filing_no/, 'plan.filing_no'], [/^\/condition_set/, 'plan.condition_set'],
    [/^\/work_type/, 'plan.work_type'],
  [/^\/apply\/from/, 'plan.apply_from'], [/^\/apply\/until/, 'plan.apply_until'], [/^\/apply/, 'plan.dates'], [/^\/pay_until/, 'plan.pay_until'],
  [/^\/papers_until/, 'plan.papers_until'], [/^\/fee_fen/, 'plan.fee'], [/^\/places/, 'plan.places'], [/^\/payment/, 'plan.payment'],
    [/^\/identities/, 'plan.identities'],
  [/^\/exam\/venue/, 'plan.venue'], [/^\/exam\/address/, 'plan.address'], [/^\/exam\/subjects/, 'plan.subjects'], [/^\/exam\/rooms/, 'plan.rooms'],
    [/^\/exam\/late_minutes/, 'plan.late_minutes'], [/^\/exam/, 'plan.exam'],
  [/^\/occupation_code/, 'plans.occupation'], [/^\/note/, 'plan.note'],
];

/** The key of what stands at a pointer into the document. */
export const labelKey = (pointer: string) => labels.find(([shape]) => shape.test(pointer))?.[1];
