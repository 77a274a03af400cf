// The centre whose pages these are.
import { shallowRef } from 'vue';
import { askOnce, server, type Schemas } from './api.ts';

export const centre = shallowRef<Schemas['Profile']>();

export async function centreLoad() {
  centre.value = await askOnce(() => server.GET('/profile'));
}
