// The candidate's texts in Chinese are asked for together with the program: who comes by a phone on a thin line waits one way less. Others
// load them for nothing, which is a tenth of the first page.
import type { Plugin } from 'vite';

export function preloads(): Plugin {
  return {
    name: 'preloads',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle, filename }) {
        if (!filename.endsWith('candidate.html')) return [];
        const texts = Object.values(bundle ?? {}).find((each) => each.type === 'chunk' && each.facadeModuleId?.endsWith('virtual:texts/candidate/zh'));
        if (!texts) throw new Error('the texts of candidates are no file of their own any more');
        return [{ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${texts.fileName}` }, injectTo: 'head' }];
      },
    },
  };
}
