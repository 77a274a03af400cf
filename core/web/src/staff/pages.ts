// Every page of the staff, by role: the menu, the addresses and who may open them all follow from this list.
//
// To add a page: write it in the folder of its role (src/staff/<role>/SomethingPage.vue, an <AppPage> inside), add an entry
// here, and its texts to messages/<area>.json; a new area is named in build/texts.ts and tests/browser/sources.test.mjs.
// What a page needs: useList and useFilter (list.ts), <RowList>, useLoad and useWork (shared/load.ts), drafts (shared/drafts.ts) for
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
];
