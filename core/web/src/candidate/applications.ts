// One's own applications in whole, page by page: the list has only what a list shows.
import { ask, server } from '../shared/api.ts';
import { applicationGet } from './application.ts';

export async function applicationsGet(cursor: string | undefined) {
  const { applications, next } = await ask(() => server.GET('/applications', { params: { query: { cursor } } }));
  return { rows: await Promise.all(applications.map((row) => applicationGet(row.id))), next };
}
