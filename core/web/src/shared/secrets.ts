// A form of passwords, on candidates' pages and on desks: what is empty, what the server refuses; forgotten when it is done.
import { computed, reactive, ref, shallowRef } from 'vue';
import { emptyFaults, faultsOfProblem, type Faults } from './form/faults.ts';
import { useWork } from './load.ts';

export function useSecrets<Values extends Record<string, string>>(empty: Values, task: (values: Values) => Promise<void>) {
  const values = reactive({ ...empty }) as Values;
  const { working, problem, work } = useWork();
  const lacking = shallowRef<Faults>({});
  const faults = computed(() => (Object.keys(lacking.value).length > 0 ? lacking.value : faultsOfProblem(problem.value)));
  const done = ref(false);

  async function send() {
    done.value = false;
    lacking.value = emptyFaults(values);
    if (Object.keys(lacking.value).length > 0) return;
    done.value = await work(() => task({ ...values }));
    if (done.value) Object.assign(values, empty);
  }

  return { values, faults, problem, working, done, send };
}
