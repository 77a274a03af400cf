// The centre's plans, for a field that narrows a list to one.
import { shallowRef } from 'vue';
import { ask, server, type Schemas } from '../../shared/api.ts';

export function usePlans() {
  const plans = shallowRef<Schemas['AdminPlanRow'][]>([]);

  // The list itself says what is wrong; without plans there is nothing to choose from.
  ask(() => server.GET('/admin/plans')).then((found) => { plans.value = found.plans; }, () => {});
  return plans;
}
