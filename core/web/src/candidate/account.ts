// One's own account: what one has agreed to, whether one asked to be erased.
import { ask, server, type Schemas } from '../shared/api.ts';
import { t } from '../shared/language.ts';

export type Account = Schemas['Account'];
export type ConsentKind = Schemas['Consent']['kind'];

export const accountGet = () => ask(() => server.GET('/account'));

export const consentText = (kind: ConsentKind) => t(`consent.${kind}.text`);

export const consented = (account: Account | undefined, kind: ConsentKind) =>
  account?.consents.some((each) => each.kind === kind && each.granted) ?? false;

/** With the very text that was on the screen. */
export const consentPut = (kind: ConsentKind, granted: boolean) =>
  ask(() => server.PUT('/account/consents', { body: { kind, granted, text: consentText(kind) } }));

/** Which consent a material's pictures need: those of a face or of an ID card are sensitive. */
export function consentFor(material: { kind: string }): ConsentKind | undefined {
  if (material.kind === 'portrait') return 'portrait';
  return material.kind === 'photo' ? 'id_images' : undefined;
}
