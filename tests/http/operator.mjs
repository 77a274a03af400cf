// The operator of a deployment: outside of every centre. Answers are held to openapi.json as a centre's are.
import { Client } from './client.mjs';
import { kaowu } from './deployment.mjs';

export const invite = (deployment, login = 'operator') =>
  JSON.parse(kaowu(['operator', 'invite', login, '--json', '--data', deployment.data]));

export class Operator extends Client {
  constructor(deployment, options) {
    super(deployment, null, options);
  }

  get root() { return `${this.deployment.base}/api/v1`; }

  // By an invitation that was made just now.
  async begin(login = 'operator') {
    this.password = `placeholder-${login}-password`;
    const { token } = invite(this.deployment, login);
    const answer = await this.post('/operator/passwords', { token, password: this.password }, { expect: 201 });
    this.token = answer.body.token;
    return this;
  }
}
