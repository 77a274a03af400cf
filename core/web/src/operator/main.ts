// The operator's pages: centres, plugins, health and self-check of the whole deployment, outside of every centre.
import { createApp } from 'vue';
import { i18n, languageStart } from '../shared/language.ts';
import App from './App.vue';
import { router } from './router.ts';
import { sessionLoad } from './session.ts';
import '../desk/style.css';
import '../desk/office.css';

async function start() {
  await languageStart({
    zh: () => import('virtual:texts/operator/zh'),
    en: () => import('virtual:texts/operator/en'),
  });
  await sessionLoad();
  createApp(App).use(i18n).use(router).mount('#app');
}

void start();
