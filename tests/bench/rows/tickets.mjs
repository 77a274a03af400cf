// An admission ticket as a PDF of its own: our two faces, the smaller first, beside the one that has every character. Processor time;
// who is compared draws the very texts and nothing else, which is looked at, as is that a rare character of a name comes back.
// Then all tickets of a plan, as the server draws them by itself, killed in the middle.
import { join } from 'node:path';
import { pause } from '../../http/patience.mjs';
import { ask, median, slug } from '../scene.mjs';

export const work = 'an admission ticket as PDF';
export const beside = 'its texts alone, straight through Pango and Cairo in Noto Sans CJK';

const common = '张三';
const rare = '张㛃'; // WenQuanYi Micro Hei lacks the second

async function draw(scene, how, count, name) {
  const file = scene.path(`${how}.pdf`);
  const drawn = JSON.parse(await scene.run([join(scene.tools, `tickets_${how}`), how, String(count), name, file], { core: 0 }));
  const text = await scene.run(['pdftotext', file, '-']);
  return { ...drawn, text: [...text.replace(/\s/g, '')].sort().join('') };
}

async function expectSameTexts(scene, name) {
  const [ours, straight] = [await draw(scene, 'ours', 1, name), await draw(scene, 'straight', 1, name)];
  if (ours.text !== straight.text) throw new Error(`not the same texts:\n${ours.text}\n${straight.text}`);
  if (![...name].every((character) => ours.text.includes(character))) throw new Error(`${name} is not on the ticket`);
  return ours.bytes;
}

const drawing = (port, plan, token, method = 'GET') => ask(port, method, `/admin/plans/${plan}/ticket-book`, { token });

async function drawnUntil(port, plan, token, enough) {
  for (;;) {
    const book = await drawing(port, plan, token);
    if (enough(book)) return book;
    await pause(50);
  }
}

// A plan with so many tickets; half of them drawn by a server that is killed, the rest by the next one.
async function book(scene, count) {
  const data = await scene.centre('book');
  const database = join(data, 'tenants', slug, 'tenant.db');
  await scene.prepareBy([join(scene.tools, 'fill'), data, slug, scene.clock, String(count), '0']);
  const plan = (await scene.run(['sqlite3', database], { input: `
    INSERT INTO ticket SELECT id, plan_id, '26' || number, '第1考场', ROW_NUMBER() OVER (ORDER BY number), 1 FROM application;
    SELECT DISTINCT plan_id FROM ticket;` })).trim();

  const first = await scene.serve(data);
  const token = await scene.signIn(data, first.port, 'registrar');
  await drawing(first.port, plan, token, 'POST');
  const seen = await drawnUntil(first.port, plan, token, ({ drawn }) => drawn >= count / 2);
  const most = first.memory('VmHWM');
  await first.stop('SIGKILL');

  const second = await scene.serve(data);
  const before = await drawing(second.port, plan, token);
  const from = { processor: second.processor(), at: performance.now() };
  const done = await drawnUntil(second.port, plan, token, ({ finished_at: finished }) => finished);
  const rest = count - before.drawn;
  const figures = {
    per_second: (1000 * rest) / (performance.now() - from.at),
    ms: (second.processor() - from.processor) / rest,
    memory: Math.max(most, second.memory('VmHWM')),
    bytes: done.parts.reduce((sum, { size }) => sum + size, 0) / count,
    lost: seen.drawn - before.drawn,
  };
  const twice = done.parts.reduce((sum, { tickets }) => sum + tickets, 0) - count;
  if (done.drawn !== count || twice !== 0) throw new Error(`${done.drawn} of ${count} drawn, ${twice} too many`);
  await second.stop();
  return figures;
}

export async function measure(scene) {
  const count = scene.quick ? 50 : 300;
  const bytes = { common: await expectSameTexts(scene, common), rare: await expectSameTexts(scene, rare) };
  const seen = await scene.inTurns(scene.rounds, {
    ours: () => draw(scene, 'ours', count, common),
    straight: () => draw(scene, 'straight', count, common),
  });
  const all = scene.quick ? 800 : 4000;
  const made = await book(scene, all);
  const of = (how, figure) => median(seen[how].map((each) => each[figure]));
  return {
    reach: [
      { what: 'processor time', value: of('ours', 'ms') / of('straight', 'ms'), most: 0.3 },
      { what: 'a ticket', value: bytes.common / 1000, most: 80, unit: 'KB' },
      { what: 'one with a rare character', value: bytes.rare / 1000, unit: 'KB' },
      { what: `one of ${all} that the server draws by itself, to one alone`, value: made.ms / of('ours', 'ms') },
      { what: 'of those drawn, lost by a kill', value: made.lost, most: 0, unit: '' },
      { what: 'memory meanwhile', value: made.memory / 2 ** 20, unit: 'MB' },
    ],
    figures: { ms: { ours: of('ours', 'ms'), straight: of('straight', 'ms') }, bytes: { ...bytes, straight: of('straight', 'bytes') }, book: made },
  };
}
