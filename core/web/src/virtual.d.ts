// What Vite makes up while it builds: see build/.
declare module 'virtual:texts/*' {
  const texts: Record<string, string>;
  export default texts;
}
declare module 'virtual:schema/*' {
  import type { Schema } from './shared/form/schema.ts';
  const schema: Schema;
  export default schema;
}
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
