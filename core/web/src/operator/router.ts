// Every page of the operator: the menu, the addresses and who may open them follow from this list.
import { createRouter, createWebHistory, START_LOCATION, type RouteRecordRaw } from 'vue-router';
import { session, unknown } from './session.ts';

declare module 'vue-router' {
  interface RouteMeta { open?: boolean } // without a session
}

export const menu = [
  { name: 'tenants', path: '/tenants', title: 'tenants.title', component: () => import('./pages/TenantsPage.vue') },
  { name: 'plugins', path: '/plugins', title: 'plugins.title', component: () => import('./pages/PluginsPage.vue') },
  { name: 'health', path: '/health', title: 'health.title', component: () => import('./pages/HealthPage.vue') },
  { name: 'checks', path: '/self-check', title: 'checks.title', component: () => import('./pages/ChecksPage.vue') },
  { name: 'acts', path: '/audit', title: 'acts.title', component: () => import('./pages/ActsPage.vue') },
];

const around: RouteRecordRaw[] = [
  { path: '/', name: 'home', redirect: { name: 'tenants' } },
  { path: '/account', name: 'account', component: () => import('./frame/AccountPage.vue') },
  { path: '/sign-in', name: 'sign-in', component: () => import('./frame/SignInPage.vue'), meta: { open: true } },
  { path: '/invitation', name: 'invitation', component: () => import('./frame/InvitationPage.vue'), meta: { open: true } },
  { path: '/:rest(.*)*', name: 'lost', component: () => import('./frame/LostPage.vue'), meta: { open: true } },
];

export const router = createRouter({
  history: createWebHistory('/operator/'),
  routes: [...around, ...menu.map(({ name, path, component }) => ({ name, path, component }) as RouteRecordRaw)],
  scrollBehavior: (_to, from, saved) => saved ?? (from === START_LOCATION ? false : { top: 0 }),
});

router.beforeEach((to) => to.meta.open || session.value !== undefined || unknown.value !== undefined || { name: 'sign-in', query: { to: to.fullPath } });
