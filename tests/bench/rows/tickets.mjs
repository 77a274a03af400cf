// An admission ticket as a PDF of its own: our two faces, the smaller first, beside the one that has every character. Processor time;
// who is compared draws the very texts and nothing else, which is looked at, as is that a rare character of a name comes back.
import { join } from 'node:path';
import { median } from '../scene.mjs';

export const work = 'an admission ticket as PDF';
export const beside = 'its texts alone, straight through Pango and Cairo in Noto Sans CJK';

const common = '张三';
const rare = '张㛃'; // WenQuanYi Micro Hei lacks the second

async function draw(scene, how, count, name) {
  const file = scene.path(`${how}.pdf`);
  const drawn = JSON.parse(await scene.run([join(scene.tools, 'tickets'), how, String(count), name, file], { core: 0 }));
  const text = await scene.run(['pdftotext', file, '-']);
  return { ...drawn, text: [...text.replace(/\s/g, '')].sort().join('') };
}

async function expectSameTexts(scene, name) {
  const [ours, straight] = [await draw(scene, 'ours', 1, name), await draw(scene, 'straight', 1, name)];
  if (ours.text !== straight.text) throw new Error(`not the same texts:\n${ours.text}\n${straight.text}`);
  if (![...name].every((character) => ours.text.includes(character))) throw new Error(`${name} is not on the ticket`);
  return ours.bytes;
}

export async function measure(scene) {
  const count = scene.quick ? 50 : 300;
  const bytes = { common: await expectSameTexts(scene, common), rare: await expectSameTexts(scene, rare) };
  const seen = await scene.inTurns(scene.rounds, {
    ours: () => draw(scene, 'ours', count, common),
    straight: () => draw(scene, 'straight', count, common),
  });
  const of = (how, figure) => median(seen[how].map((each) => each[figure]));
  return {
    reach: [
      { what: 'processor time', value: of('ours', 'ms') / of('straight', 'ms'), most: 0.3 },
      { what: 'a ticket', value: bytes.common / 1000, most: 80, unit: 'KB' },
      { what: 'one with a rare character', value: bytes.rare / 1000, unit: 'KB' },
    ],
    figures: { ms: { ours: of('ours', 'ms'), straight: of('straight', 'ms') }, bytes: { ...bytes, straight: of('straight', 'bytes') } },
  };
}
