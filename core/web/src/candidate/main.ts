// The candidate's pages: from the list of plans to the printed ticket.
import { createApp } from 'vue';
import { centreLoad } from '../shared/centre.ts';
import { i18n, languageStart } from '../shared/language.ts';
import App from './App.vue';
import { router } from './router.ts';
import { sessionStart } from './session.ts';
import './style.css';

async function start() {
  await languageStart({
    zh: () => import('virtual:texts/candidate/zh'),
    en: () => import('virtual:texts/candidate/en'),
  });
  // Neither is waited for by who only reads: the page says so if the centre cannot be reached.
  centreLoad().catch(() => {});
  await sessionStart();
  createApp(App).use(i18n).use(router).mount('#app');
}

void start();
