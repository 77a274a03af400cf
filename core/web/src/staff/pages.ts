// Every page of the staff, by role: the menu, the addresses and who may open them all follow from this list.
//
// To add a page: write it in the folder of its role (src/staff/<role>/SomethingPage.vue, an <AppPage> inside), add an entry
// here, and its texts to messages/<area>.json; a new area is named in build/texts.ts and tests/browser/sources.test.mjs.
// What a page needs: useList and useFilter (desk/list.ts), <RowList>, useLoad and useWork (shared/load.ts), drafts (shared/drafts.ts) for
// what is typed over longer time. When the language changes, pages stay as they are, so that nothing typed is lost: what the
// server says in a language is asked for again by `watch(language, load)`, which useList does by itself.
import type { RouteRecordRaw } from 'vue-router';
import type { Role } from './session.ts';

export interface StaffPage {
  name: string;
  path: string; // below <centre>/staff; parameters become properties of the component
  roles: Role[]; // any of them
  title: string; // key of its text, for the menu
  inMenu?: boolean;
  component: RouteRecordRaw['component'];
}

export const pages: StaffPage[] = [
  { name: 'queue', path: '/review', roles: ['reviewer'], title: 'review.queue', inMenu: true, component: () => import('./review/QueuePage.vue') },
  { name: 'case', path: '/review/:application', roles: ['reviewer'], title: 'review.case', component: () => import('./review/CasePage.vue') },
  // ---- The office ----
  { name: 'office-overview', path: '/overview', roles: ['admin', 'registrar', 'cashier', 'auditor'], title: 'overview.title', inMenu: true,
    component: () => import('./office/OverviewPage.vue') },
  { name: 'office-applications', path: '/applications', roles: ['admin', 'registrar'], title: 'applications.title', inMenu: true,
    component: () => import('./office/ApplicationsPage.vue') },
  { name: 'office-application', path: '/applications/:number', roles: ['admin', 'registrar'], title: 'application.title',
    component: () => import('./office/ApplicationPage.vue') },
  { name: 'office-correction', path: '/applications/:number/correction', roles: ['admin'], title: 'correction.title',
    component: () => import('./office/CorrectionPage.vue') },
  { name: 'office-recovery', path: '/applications/:number/recovery', roles: ['admin'], title: 'recovery.title',
    component: () => import('./office/RecoveryPage.vue') },
  { name: 'office-papers', path: '/papers', roles: ['registrar'], title: 'papers.title', inMenu: true, component: () => import('./office/PapersPage.vue') },
  { name: 'office-receipts', path: '/papers/import', roles: ['registrar'], title: 'receipts.title', component: () => import('./office/ReceiptsPage.vue') },
  { name: 'office-orders', path: '/orders', roles: ['cashier'], title: 'orders.title', inMenu: true, component: () => import('./office/OrdersPage.vue') },
  { name: 'office-payments', path: '/orders/import', roles: ['cashier'], title: 'payments.title', component: () => import('./office/PaymentsPage.vue') },
  { name: 'office-refunds', path: '/refunds', roles: ['admin', 'cashier'], title: 'refunds.title', inMenu: true,
    component: () => import('./office/RefundsPage.vue') },
  { name: 'office-bills', path: '/bills', roles: ['cashier'], title: 'bills.title', inMenu: true, component: () => import('./office/BillsPage.vue') },
  { name: 'office-differences', path: '/differences', roles: ['cashier'], title: 'differences.title', inMenu: true,
    component: () => import('./office/DifferencesPage.vue') },
  { name: 'office-plans', path: '/plans', roles: ['admin', 'registrar', 'cashier'], title: 'plans.title', inMenu: true,
    component: () => import('./office/PlansPage.vue') },
  { name: 'office-plan', path: '/plans/:id', roles: ['admin'], title: 'plans.title', component: () => import('./office/PlanPage.vue') },
  { name: 'office-plan-preview', path: '/plans/:id/preview', roles: ['admin'], title: 'plan.preview', component: () => import('./office/PlanPreviewPage.vue') },
  { name: 'office-plan-papers', path: '/plans/:id/papers', roles: ['registrar'], title: 'plan_papers.title',
    component: () => import('./office/PlanPapersPage.vue') },
  { name: 'office-messages', path: '/messages', roles: ['admin'], title: 'messages.title', inMenu: true, component: () => import('./office/MessagesPage.vue') },
  { name: 'office-staff', path: '/members', roles: ['admin'], title: 'members.title', inMenu: true, component: () => import('./office/StaffPage.vue') },
  { name: 'office-profile', path: '/profile', roles: ['admin'], title: 'profile.title', inMenu: true, component: () => import('./office/ProfilePage.vue') },
  { name: 'office-erasures', path: '/erasures', roles: ['admin'], title: 'erasures.title', inMenu: true, component: () => import('./office/ErasuresPage.vue') },
  { name: 'office-audit', path: '/audit', roles: ['auditor'], title: 'audit.title', inMenu: true, component: () => import('./office/AuditPage.vue') },
];
