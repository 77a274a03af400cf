// Which occupations count as a plan's own or related ones today: the plugin's list without what the district took off.
import type { Schemas } from '../shared/api.ts';
import { now } from '../shared/clock.ts';

type Plan = Pick<Schemas['Plan'], 'related' | 'overlays' | 'occupation_code'>;

export function related(plan: Plan) {
  const today = new Date(now() + 8 * 3600 * 1000).toISOString().slice(0, 10); // Beijing's day
  const denied = plan.overlays.filter((each) =>
    each.kind === 'deny_related' && each.occupation_code === plan.occupation_code && each.from <= today &&
    (each.until === null || today <= each.until));
  return { accepted: plan.related.names.filter((name) => !denied.some((each) => each.name === name)), denied };
}
