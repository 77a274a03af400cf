// Two thousand plugins and three thousand tenants: a start with all of them, and what a verdict costs (tests/bench/plugins).
export const work = '3,000 tenants and 2,000 plugins: a start; a verdict';
export const beside = 'nothing';

export async function measure(scene) {
  const figures = JSON.parse(await scene.run(['tests/bench/plugins', scene.build, ...(scene.quick ? ['200', '300'] : [])]));
  const { deployment, verdict } = figures;
  return {
    reach: [
      { what: 'warm start until it answers', value: deployment.start_ms, most: 2000, unit: 'ms' },
      { what: 'memory of the server, at most', value: deployment.memory_mb, most: 150, unit: 'MB' },
      { what: 'processes that the start needed', value: deployment.workers, most: 0, unit: '' },
      { what: 'a verdict by tables', value: verdict.tables_us, most: 20, unit: 'µs' },
      { what: 'a verdict with a function of the plugin', value: verdict.function_us, most: 200, unit: 'µs' },
    ],
    figures,
  };
}
