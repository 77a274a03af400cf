// The candidate's pages: from the list of plans to the printed ticket.
import { createApp } from 'vue';
import { centreLoad } from '../shared/centre.ts';
import { i18n, languageStart } from '../shared/language.ts';
import { nextTask } from '../shared/task.ts';
import App from './App.vue';
import { router } from './router.ts';
import { sessionStart } from './session.ts';
import './style.css';

async function start() {
  // All at once: on a thin line each way costs. The centre is not waited for by who only reads: the page says so if it cannot be reached.
  centreLoad().catch(() => {});
  await Promise.all([
    languageStart({
      zh: () => import('virtual:texts/candidate/zh'),
      en: () => import('virtual:texts/candidate/en'),
    }),
    sessionStart(),
  ]);
  await nextTask(); // between reading the program and drawing with it
  createApp(App).use(i18n).use(router).mount('#app');
}

void start();
