// A table of paper receipts: which parcels have come, and how each paper was found. A row is a paper, or a whole parcel.
import { ask, Problem, server, type Schemas } from '../../shared/api.ts';
import { t } from '../../shared/language.ts';
import { TableFault, type NumberedRow } from './table.ts';

type Reason = Schemas['Reasons']['reasons'][number];
type Item = Schemas['Receipt']['items'][number];
export interface Row { material: string; copies?: number; pass: boolean; reasons: string[]; note?: string }
export type Parcels = Map<string, Row[]>; // by the application's number

const most = 500;
const yes = ['', '合格', '通过', 'pass', 'ok', 'yes'];
const no = ['不合格', '不通过', 'fail', 'no'];
const whole = ['', '全部', 'all'];

/** Number, material, copies, outcome, reasons, note. A heading is passed over. */
export function parcelsOf(rows: NumberedRow[]): Parcels {
  const parcels: Parcels = new Map();
  for (const { number: at, cells: [number = '', material = '', copies = '', outcome = '', reasons = '', note = ''] } of rows) {
    if (at === rows[0].number && !/\d/.test(number)) continue;
    const said = outcome.toLowerCase();
    if (!/^\d{12}$/.test(number) || !/^\d{0,2}$/.test(copies) || ![...yes, ...no].includes(said))
      throw new TableFault(t('receipts.unreadable', { row: at }));
    parcels.set(number, [...(parcels.get(number) ?? []), {
      material, pass: yes.includes(said), reasons: reasons.split(/[、,;；\s]+/).filter(Boolean),
      ...(copies && { copies: Number(copies) }), ...(note && { note }),
    }]);
  }
  if (parcels.size === 0) throw new TableFault(t('receipts.empty'));
  if (parcels.size > most) throw new TableFault(t('receipts.many', { most }));
  return parcels;
}

const refusal = (text: string) => new Problem(0, 'receipts', text);

// A reason by its code or by its words.
function codesOf(row: Row, reasons: Reason[]): string[] {
  return row.reasons.map((said) => {
    const found = reasons.find(({ code, text, short }) => [code, text, short].includes(said));
    if (!found) throw refusal(t('receipts.reason_unknown', { reason: said }));
    return found.code;
  });
}

const itemOf = (paper: { material: string; copies: number }, row: Row, reasons: Reason[]): Item => ({
  material: paper.material, copies: row.copies ?? paper.copies, outcome: row.pass ? 'pass' : 'fail', reasons: codesOf(row, reasons),
  ...(row.note && { note: row.note }),
});

// What the rows say of the papers that are asked for; what has passed before stays as it is.
function itemsOf(desk: Schemas['Desk'], rows: Row[], reasons: Reason[]): Item[] {
  const open = desk.papers.filter(({ outcome }) => outcome !== 'pass');
  return rows.flatMap((row) => {
    if (whole.includes(row.material.toLowerCase())) return open.map((paper) => itemOf(paper, row, reasons));
    const paper = desk.papers.find(({ material, name }) => [material, name].includes(row.material));
    if (!paper) throw refusal(t('receipts.material_unknown', { material: row.material, known: desk.papers.map(({ name }) => name).join('、') }));
    return [itemOf(paper, row, reasons)];
  });
}

/** One parcel, checked in as at the desk; in words what came of it, or would (dry). */
export async function receive(number: string, rows: Row[], reasons: Reason[], dry: boolean): Promise<string> {
  const path = { number };
  const desk = await ask(() => server.GET('/registrar/applications/{number}', { params: { path } }));
  const items = itemsOf(desk, rows, reasons);
  if (items.length === 0) throw refusal(t('receipts.nothing'));
  const after = await ask(() => server.POST('/registrar/applications/{number}/receipt', {
    params: { path, query: dry ? { dry_run: 'true' } : {} }, body: { items } }));
  const again = after.papers.filter(({ outcome }) => outcome !== 'pass').map(({ name }) => name).join('、');
  return `${after.candidate_name ?? ''} ${again ? t('receipts.again', { papers: again }) : t('receipts.all')}`.trim();
}
