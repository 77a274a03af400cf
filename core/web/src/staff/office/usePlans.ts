// The centre's plans, for a field that narrows a list to one.
import { shallowRef } from 'vue';
import { ask, server, type Schemas } from '../../shared/api.ts';
import { everyRow } from '../../shared/list.ts';

export function usePlans() {
  const plans = shallowRef<Schemas['AdminPlanRow'][]>([]);

  // The list itself says what is wrong; without plans there is nothing to choose from.
  everyRow(async (cursor) => {
    const { plans: rows, next } = await ask(() => server.GET('/admin/plans', { params: { query: { cursor } } }));
    return { rows, next };
  }).then((found) => { plans.value = found; }, () => {});
  return plans;
}
