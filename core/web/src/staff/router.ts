// The addresses of the staff's pages: those around the door, and those of the roles (pages.ts).
import { createRouter, createWebHistory, START_LOCATION, type RouteRecordRaw } from 'vue-router';
import { base } from '../shared/place.ts';
import { pages } from './pages.ts';
import { hasOneOf, session, unknown, type Role } from './session.ts';

declare module 'vue-router' {
  interface RouteMeta { roles?: Role[] }
}

/** The pages that the menu offers to who is signed in. */
export const menu = () => pages.filter((page) => page.inMenu && hasOneOf(page.roles));

const around: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./frame/HomePage.vue'), meta: { roles: [] } },
  { path: '/account', name: 'account', component: () => import('./frame/AccountPage.vue'), meta: { roles: [] } },
  { path: '/sign-in', name: 'sign-in', component: () => import('./frame/SignInPage.vue') },
  { path: '/invitation', name: 'invitation', component: () => import('./frame/InvitationPage.vue') },
  { path: '/:rest(.*)*', name: 'lost', component: () => import('./frame/LostPage.vue') },
];

export const router = createRouter({
  history: createWebHistory(`${base}staff/`),
  routes: [...around, ...pages.map(({ name, path, roles, component }) => ({ name, path, component, props: true, meta: { roles } }) as RouteRecordRaw)],
  scrollBehavior: (_to, from, saved) => saved ?? (from === START_LOCATION ? false : { top: 0 }),
});

// `roles` empty: whoever is signed in. A page of another role's is to this person as if it did not exist. Whoever has to enrol a
// second factor has no role until then.
router.beforeEach((to) => {
  const { roles } = to.meta;
  if (!roles) return true;
  if (!session.value) return unknown.value !== undefined || { name: 'sign-in', query: { to: to.fullPath } };
  if (session.value.unenrolled && to.name !== 'account') return { name: 'account' };
  if (to.name === 'home' && menu().length > 0) return { name: menu()[0].name };
  if (roles.length === 0 || hasOneOf(roles)) return true;
  return { name: 'lost', params: { rest: to.path.slice(1).split('/') }, query: to.query };
});
