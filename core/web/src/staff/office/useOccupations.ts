// The occupations that plugins are installed for, each once, with its code.
import { computed, shallowRef } from 'vue';
import { ask, server, type Schemas } from '../../shared/api.ts';

export function useOccupations() {
  const plugins = shallowRef<Schemas['PluginsOffered']['plugins']>([]);

  // Without them a code is shown as it is.
  ask(() => server.GET('/admin/plugins')).then((found) => { plugins.value = found.plugins; }, () => {});
  return computed(() => [...new Map(plugins.value.map((each) => [each.occupation_code, each.occupation_name]))].map(([code, name]) => ({ code, name })));
}
