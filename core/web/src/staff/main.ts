// The staff's pages: reviewers, administrators, cashiers, registrars, auditors, each by what their roles allow.
import { createApp } from 'vue';
import { centreLoad } from '../shared/centre.ts';
import { i18n, languageStart } from '../shared/language.ts';
import App from './App.vue';
import { router } from './router.ts';
import { sessionLoad } from './session.ts';
import '../desk/style.css';

async function start() {
  await languageStart({
    zh: () => import('virtual:texts/staff/zh'),
    en: () => import('virtual:texts/staff/en'),
  });
  centreLoad().catch(() => {});
  await sessionLoad();
  createApp(App).use(i18n).use(router).mount('#app');
}

void start();
