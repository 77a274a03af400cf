// What a candidate's first page runs is compiled while it arrives, beside the page and not in its way: V8 knows this remark at the top of a
// file (explicit compile hints). Without it each function is compiled when it is first called, and the page hears nobody for twice as long.
import type { Plugin } from 'vite';

const first = ['vue', 'shared', 'candidate', 'PlanPage'];

export function hints(): Plugin {
  return {
    name: 'hints',
    apply: 'build',
    generateBundle: {
      order: 'post', // after all who put a line of their own at the top
      handler(_options, bundle) {
        for (const each of Object.values(bundle))
          if (each.type === 'chunk' && first.includes(each.name)) each.code = `//# allFunctionsCalledOnLoad\n${each.code}`;
      },
    },
  };
}
