// The addresses of the candidate's pages, and which of them are for who has signed in.
import { createRouter, createWebHistory, START_LOCATION, type RouteRecordRaw } from 'vue-router';
import { base } from '../shared/place.ts';
import { nextTask } from '../shared/task.ts';
import PlansPage from './pages/PlansPage.vue';
import { session, unknown } from './session.ts';

const open: RouteRecordRaw[] = [
  { path: '/', name: 'plans', component: PlansPage },
  { path: '/plans/:plan', name: 'plan', component: () => import('./pages/PlanPage.vue'), props: true },
  { path: '/plans/:plan/check', name: 'check', component: () => import('./pages/CheckPage.vue'), props: true },
  { path: '/tickets/:code', name: 'ticket', component: () => import('./pages/TicketPage.vue'), props: true },
  { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignInPage.vue') },
  { path: '/sign-up', name: 'sign-up', component: () => import('./pages/SignUpPage.vue'), props: { purpose: 'sign_up' } },
  { path: '/reset', name: 'reset', component: () => import('./pages/SignUpPage.vue'), props: { purpose: 'reset' } },
  { path: '/privacy', name: 'privacy', component: () => import('./pages/PrivacyPage.vue') },
  { path: '/:rest(.*)*', name: 'lost', component: () => import('./pages/LostPage.vue') },
];

const own: RouteRecordRaw[] = [
  { path: '/applications', name: 'home', component: () => import('./pages/HomePage.vue') },
  { path: '/applications/:application', name: 'application', component: () => import('./pages/ApplicationPage.vue'), props: true },
  {
    path: '/applications/:application/:topic(details|identity|condition|certificates|work|fields)', name: 'topic',
    component: () => import('./pages/TopicPage.vue'), props: true,
  },
  { path: '/applications/:application/materials', name: 'materials', component: () => import('./pages/MaterialsPage.vue'), props: true },
  { path: '/applications/:application/submit', name: 'submit', component: () => import('./pages/SubmitPage.vue'), props: true },
  { path: '/applications/:application/payment', name: 'payment', component: () => import('./pages/PaymentPage.vue'), props: true },
  { path: '/applications/:application/papers', name: 'papers', component: () => import('./pages/PapersPage.vue'), props: true },
  { path: '/me', name: 'me', component: () => import('./pages/MePage.vue') },
];

export const router = createRouter({
  history: createWebHistory(base),
  routes: [...open, ...own.map((route) => ({ ...route, meta: { own: true } }))],
  // A page that is just opened stands at its top: to say so would lay out what is still coming.
  scrollBehavior: (to, from, saved) => saved ?? (to.hash ? { el: to.hash } : from === START_LOCATION ? false : { top: 0 }),
});

// What is around every page is drawn first: in one task with the page, a slow phone would hear nobody for a quarter of a second.
router.beforeEach(async (to, from) => {
  if (from === START_LOCATION) await nextTask();
  if (to.meta.own && !session.value && !unknown.value) return { name: 'sign-in', query: { to: to.fullPath } };
  return true;
});
