// A client of one centre. Every answer is held to schemas/openapi.json by ajv: the status must be described, the body valid.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { root } from './deployment.mjs';

export const openapi = JSON.parse(readFileSync(join(root, 'schemas', 'openapi.json'), 'utf8'));

const ajv = new Ajv({ strict: false, allErrors: true, code: { optimize: false } }); // most schemas are asked once or twice
addFormats(ajv);
ajv.addFormat('year-month', /^\d{4}-(0[1-9]|1[0-2])$/);
ajv.addSchema({ $id: 'openapi', components: openapi.components });

const paths = Object.entries(openapi.paths)
  .map(([pattern, operations]) => ({ shape: new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`), operations }));

// The operation that a method and path belong to.
const operation = (method, path) =>
  paths.find(({ shape, operations }) => shape.test(path) && operations[method.toLowerCase()])?.operations[method.toLowerCase()];

function schemaValid(name, schema, body) {
  const pointer = schema.$ref.replace('#/', '');
  const validate = ajv.getSchema(`openapi#/${pointer}`);
  assert.ok(validate(body), `${name}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body, null, 1).slice(0, 4000)}`);
}

// For what is got without a client.
export const assertShape = (name, body) => schemaValid(name, { $ref: `#/components/schemas/${name}` }, body);

// A refusal is described once, for all operations.
const described = (response) => (response?.$ref ? openapi.components.responses[response.$ref.split('/').pop()] : response);

function answerValid(method, path, status, type, body) {
  const name = `${method} ${path} ${status}`;
  const responses = operation(method === 'HEAD' ? 'GET' : method, path)?.responses;
  if (!responses || status === 304) return;
  const response = described(responses[status] ?? (status >= 400 ? responses.default : undefined));
  assert.ok(response, `${name}: this status is not described`);
  const content = response.content ?? {};
  const media = Object.keys(content);
  if (media.length === 0) return assert.equal(body, undefined, `${name}: a body that is not described`);
  assert.ok(media.some((each) => type?.startsWith(each)), `${name}: ${type} instead of ${media}`);
  if (type.includes('json')) schemaValid(name, content[type.split(';')[0]].schema, body);
}

export class Client {
  constructor(deployment, slug, { token, language = 'zh-CN' } = {}) {
    Object.assign(this, { deployment, slug, token, language });
  }

  get root() { return `${this.deployment.base}/t/${this.slug}/api/v1`; }

  // {status, headers, body (JSON) or bytes, version}; `expect` is the status that must come.
  async call(method, path, { body, upload, version, headers = {}, expect } = {}) {
    const all = { 'accept-language': this.language, ...headers };
    if (this.token) all.authorization = `Bearer ${this.token}`;
    if (body !== undefined) all['content-type'] = 'application/json';
    if (upload) all['content-type'] = 'image/jpeg';
    if (version !== undefined) all['if-match'] = `"${version}"`;
    const answer = await fetch(`${this.root}${path}`, {
      method, headers: all, body: upload ?? (body === undefined ? undefined : JSON.stringify(body)), redirect: 'manual',
    });
    const type = answer.headers.get('content-type') ?? undefined;
    const bytes = Buffer.from(await answer.arrayBuffer());
    const parsed = type?.includes('json') && bytes.length ? JSON.parse(bytes) : bytes.length ? bytes : undefined;
    answerValid(method, path.split('?')[0], answer.status, type, parsed);
    if (expect) assert.equal(answer.status, expect, `${method} ${path}: ${bytes.subarray(0, 2000)}\n${this.deployment.log}`);
    const etag = answer.headers.get('etag')?.match(/^"(\d+)"$/);
    return { status: answer.status, headers: answer.headers, body: parsed, bytes, version: etag ? Number(etag[1]) : undefined };
  }

  get(path, options) { return this.call('GET', path, options); }
  post(path, body, options) { return this.call('POST', path, { body, ...options }); }
  put(path, body, options) { return this.call('PUT', path, { body, ...options }); }
  delete(path, options) { return this.call('DELETE', path, options); }

  // Staff by their one-time invitation.
  async accept(login) {
    const token = this.deployment.invitations[this.slug][login];
    this.login = login;
    this.password = `placeholder-${login}-${token.slice(0, 8)}`;
    const answer = await this.post('/staff/passwords', { token, password: this.password }, { expect: 201 });
    this.token = answer.body.token;
    return this;
  }

  // Staff whose session has ended: theirs end soon.
  async comeBack() {
    const { login, password } = this;
    this.token = (await this.post('/staff/sessions', { login, password }, { expect: 201 })).body.token;
    return this;
  }

  // A candidate who has signed up, anew.
  async signIn(password = 'placeholder-password-1') {
    this.token = (await this.post('/sessions', { mobile: this.mobile, password }, { expect: 201 })).body.token;
    return this;
  }

  // A candidate by mobile number, SMS code and password.
  async signUp(mobile, password = 'placeholder-password-1') {
    await this.post('/codes', { purpose: 'sign_up', mobile }, { expect: 202 });
    const message = await this.deployment.message(this.slug, mobile, 'code_sign_up');
    const code = message.text.match(/\d{6}/)[0];
    const answer = await this.post('/accounts', { mobile, code, password }, { expect: 201 });
    this.token = answer.body.token;
    this.mobile = mobile;
    return this;
  }
}
