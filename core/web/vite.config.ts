// How the pages are built: an entry for each kind of people, so that what the desks need never weighs on a candidate's phone.
import { defineConfig } from 'vite';
import vue from '@vitejs/plugin-vue';
import { compressed } from './build/compressed.ts';
import { hints } from './build/hints.ts';
import { preloads } from './build/preloads.ts';
import { schemas } from './build/schemas.ts';
import { texts } from './build/texts.ts';

const common = ['centre.ts', 'drafts.ts', 'format.ts', 'list.ts', 'parts/AppPage.vue', 'parts/SignInAgain.vue', 'form/FaultSummary.vue', 'form/FormField.vue'];

export default defineConfig({
  base: '/',
  plugins: [vue(), texts(), schemas(), preloads(), hints(), compressed()],
  // The texts are compiled by ours (shared/language.ts): the library comes without its compiler, and without what nobody here uses.
  resolve: { alias: { 'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.mjs' } },
  define: {
    __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false, __INTLIFY_DROP_MESSAGE_COMPILER__: true,
  },
  build: {
    // Browsers inside messengers lag years behind.
    target: ['es2019', 'chrome79', 'safari13', 'firefox78'],
    // An inlined picture would need data: in the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: ['candidate.html', 'staff.html', 'operator.html'],
      output: {
        manualChunks: {
          // What all entries stand on changes seldom: it stays in the browser when the pages change.
          vue: ['vue', 'vue-router', 'vue-i18n', 'openapi-fetch'],
          // And what each has of ours from the first page on, in one file: a dozen small ones go a thin line twice.
          shared: common.map((name) => `./src/shared/${name}`),
        },
      },
    },
  },
});
