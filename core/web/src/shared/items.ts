// What the items of a review are called: topics by the pages' own names, materials and papers by the plan's.
import { labelOf } from './form/schema.ts';
import { t } from './language.ts';

export function itemName(item: string, plan: { materials: { id: string; name: string }[] }): string {
  const [kind, id] = item.split(':');
  const material = plan.materials.find((each) => each.id === id)?.name ?? id;
  if (kind === 'material') return material;
  if (kind === 'paper') return t('item.paper', { name: material });
  return labelOf('topics', kind);
}
