// WeChat Pay, played: Native orders and refunds of one merchant, with a book of what was paid and given back.
//
// What it is sent is verified, and what it says is signed and sealed, by an SDK that knows nothing of ours. Its keys
// are made at run time.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import sdk from 'wechatpay-axios-plugin';
import { Peer } from './peer.mjs';

const { Aes, Formatter, Rsa } = sdk;
const pem = {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
};
const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048, ...pem });

// RFC 3339 in Beijing, in whole seconds, as the real one writes it.
export const moment = (ms) =>
  new Date(Math.floor(ms / 1000) * 1000 + 8 * 3600_000).toISOString().replace('.000Z', '+08:00');
const yuan = (fen) => (fen / 100).toFixed(2);

export class Wechat extends Peer {
  constructor(options) {
    super(options);
    this.mchid = '1900000109';
    this.appid = 'wx0000000000000001';
    this.apiKey = randomBytes(16).toString('hex');
    this.merchant = keyPair();
    this.merchantSerial = randomBytes(20).toString('hex').toUpperCase();
    this.platform = keyPair();
    this.serial = 'PUB_KEY_ID_0119000001092026112300000000000001';
    this.nonces = new Set();
    this.orders = new Map(); // by our number
    this.refunds = new Map(); // by our number
    this.counted = 0;
    this.refundsEnd = 'SUCCESS'; // or PROCESSING, ABNORMAL, CLOSED
  }

  // It signs by a certificate from now on, as it did before there were public keys.
  certify(folder) {
    const at = (name) => join(folder, name);
    writeFileSync(at('platform.key'), this.platform.privateKey);
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-key',
        at('platform.key'),
        '-out',
        at('platform.pem'),
        '-days',
        '3650',
        '-subj',
        '/CN=placeholder',
      ],
      { stdio: 'pipe' },
    );
    this.certificate = execFileSync('cat', [at('platform.pem')], { encoding: 'utf8' });
    this.serial = new X509Certificate(this.certificate).serialNumber;
    return this;
  }

  // What `kaowu payments configure` reads.
  account(changes = {}) {
    const key = this.certificate
      ? { certificate: this.certificate }
      : { id: this.serial, public_key: this.platform.publicKey };
    return {
      mchid: this.mchid,
      appid: this.appid,
      merchant_serial: this.merchantSerial,
      private_key: this.merchant.privateKey,
      api_v3_key: this.apiKey,
      platform: [key],
      notify_base: 'https://haidian.kaowu.example/api/v1',
      hosts: [this.endpoint],
      ...changes,
    };
  }

  // ---- Signatures ----

  signed(text, { key = this.platform.privateKey, serial = this.serial, at = this.now() } = {}) {
    const timestamp = String(Math.floor(at / 1000));
    const nonce = Formatter.nonce();
    return {
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': serial,
      'wechatpay-signature': Rsa.sign(Formatter.response(timestamp, nonce, text), key),
    };
  }

  says(status, json) {
    const text = json === undefined ? '' : JSON.stringify(json);
    return { status, text, headers: this.signed(text) };
  }

  refuses(status, code) {
    return this.says(status, { code, message: `refused: ${code}` });
  }

  // null, or the code that the real one would answer with.
  fault({ method, url, headers, body }) {
    const given = Object.fromEntries(
      [...(headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    const text = Formatter.request(
      method,
      `${url.pathname}${url.search}`,
      given.timestamp,
      given.nonce_str,
      body.toString(),
    );
    if (!headers.authorization?.startsWith('WECHATPAY2-SHA256-RSA2048 ')) return 'SIGN_ERROR';
    if (given.mchid !== this.mchid || given.serial_no !== this.merchantSerial) return 'SIGN_ERROR';
    if (Math.abs(this.now() / 1000 - Number(given.timestamp)) > 300) return 'SIGN_ERROR';
    if (this.nonces.has(given.nonce_str)) return 'SIGN_ERROR';
    this.nonces.add(given.nonce_str);
    if (!this.certificate && headers['wechatpay-serial'] !== this.serial) return 'SIGN_ERROR';
    return Rsa.verify(text, given.signature, this.merchant.publicKey) ? null : 'SIGN_ERROR';
  }

  // ---- What it is asked ----

  answer(request) {
    if (this.fault(request)) return this.refuses(401, 'SIGN_ERROR');
    if (!request.headers.accept?.includes('application/json') && !request.url.pathname.includes('billdownload'))
      return this.refuses(406, 'PARAM_ERROR');
    const path = request.url.pathname;
    const body = request.body.length ? JSON.parse(request.body) : undefined;
    const order = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/.exec(path)?.[1];
    const closing = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/.exec(path)?.[1];
    const refund = /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/.exec(path)?.[1];
    if (request.method === 'POST' && path === '/v3/pay/transactions/native') return this.place(body);
    if (request.method === 'GET' && order) return this.query(order, request.url.searchParams.get('mchid'));
    if (request.method === 'POST' && closing) return this.close(closing, body);
    if (request.method === 'POST' && path === '/v3/refund/domestic/refunds') return this.refund(body);
    if (request.method === 'GET' && refund) return this.refundQuery(refund);
    if (request.method === 'GET' && path === '/v3/bill/tradebill') return this.billPlace(request.url.searchParams);
    if (request.method === 'GET' && path === '/v3/billdownload/file')
      return {
        status: 200,
        text: this.bill(request.url.searchParams.get('token')),
        headers: { 'content-type': 'text/plain' },
      };
    return this.refuses(404, 'RESOURCE_NOT_EXISTS');
  }

  place(body) {
    const { appid, mchid, description, out_trade_no: number, time_expire: expire, notify_url: notify, amount } = body;
    const valid =
      appid === this.appid &&
      mchid === this.mchid &&
      Buffer.byteLength(description) <= 127 &&
      /^[\w|*-]{6,32}$/.test(number) &&
      /^https:\/\/[^?]+\/reports\/wechat$/.test(notify) &&
      Number.isInteger(amount.total) &&
      amount.total > 0 &&
      amount.currency === 'CNY' &&
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/.test(expire);
    if (!valid) return this.refuses(400, 'PARAM_ERROR');
    const known = this.orders.get(number);
    if (known?.state === 'SUCCESS' || known?.state === 'REFUND') return this.refuses(400, 'ORDERPAID');
    if (known?.state === 'CLOSED') return this.refuses(400, 'ORDER_CLOSED');
    if (known && (known.total !== amount.total || known.expire !== expire))
      return this.refuses(403, 'OUT_TRADE_NO_USED');
    if (!known)
      this.orders.set(number, { number, total: amount.total, expire, state: 'NOTPAY', description, codes: 0 });
    const order = this.orders.get(number);
    order.codes++;
    return this.says(200, { code_url: `weixin://wxpay/bizpayurl?pr=${number.slice(-8)}${order.codes}` });
  }

  // The transaction as answers and notices show it.
  transaction(order) {
    const paid = {
      transaction_id: order.transactionId,
      success_time: order.paidAt && moment(order.paidAt),
      payer: { openid: 'placeholder' },
      bank_type: 'OTHERS',
    };
    return {
      appid: this.appid,
      mchid: this.mchid,
      out_trade_no: order.number,
      trade_type: 'NATIVE',
      trade_state: order.state,
      trade_state_desc: order.state,
      attach: '',
      ...(order.paidAt ? paid : {}),
      amount: { total: order.total, payer_total: order.total, currency: 'CNY', payer_currency: 'CNY' },
    };
  }

  query(number, mchid) {
    const order = this.orders.get(number);
    if (mchid !== this.mchid) return this.refuses(400, 'PARAM_ERROR');
    return order ? this.says(200, this.transaction(order)) : this.refuses(404, 'ORDER_NOT_EXIST');
  }

  close(number, { mchid }) {
    const order = this.orders.get(number);
    if (!order || mchid !== this.mchid) return this.refuses(404, 'ORDER_NOT_EXIST');
    if (order.paidAt) return this.refuses(400, 'ORDERPAID');
    order.state = 'CLOSED';
    return this.says(204);
  }

  refundShown(refund) {
    const ended = refund.state === 'SUCCESS' ? { success_time: moment(refund.endedAt) } : {};
    return {
      refund_id: refund.id,
      out_refund_no: refund.number,
      transaction_id: refund.order.transactionId,
      out_trade_no: refund.order.number,
      channel: 'ORIGINAL',
      status: refund.state,
      create_time: moment(refund.at),
      ...ended,
      amount: { total: refund.order.total, refund: refund.fen, currency: 'CNY' },
    };
  }

  refundEnd(refund, state) {
    refund.state = state;
    refund.endedAt = this.now();
    if (state === 'SUCCESS') refund.order.state = 'REFUND';
  }

  refund(body) {
    const { transaction_id: id, out_refund_no: number, amount, reason, notify_url: notify } = body;
    const order = [...this.orders.values()].find((each) => each.transactionId === id);
    if (!order) return this.refuses(404, 'RESOURCE_NOT_EXISTS');
    const known = this.refunds.get(number);
    const back = [...this.refunds.values()]
      .filter((each) => each.order === order && each.number !== number)
      .reduce((sum, each) => sum + each.fen, 0);
    const valid =
      amount.total === order.total &&
      amount.refund > 0 &&
      amount.refund + back <= order.total &&
      amount.currency === 'CNY' &&
      Buffer.byteLength(reason) <= 80 &&
      notify.startsWith('https://') &&
      (!known || (known.fen === amount.refund && known.order === order));
    if (!valid) return this.refuses(400, 'PARAM_ERROR');
    const refund = known ?? {
      number,
      id: `5030000${++this.counted}`,
      order,
      fen: amount.refund,
      at: this.now(),
      state: 'NONE',
    };
    this.refunds.set(number, refund);
    if (refund.state !== 'SUCCESS' && refund.state !== 'PROCESSING') this.refundEnd(refund, this.refundsEnd);
    return this.says(200, this.refundShown(refund));
  }

  refundQuery(number) {
    const refund = this.refunds.get(number);
    return refund ? this.says(200, this.refundShown(refund)) : this.refuses(404, 'RESOURCE_NOT_EXISTS');
  }

  // ---- The payer ----

  // Pays by what the QR code says; throws where the real one would show that the order is over.
  pay(number, { at = this.now() } = {}) {
    const order = this.orders.get(number);
    assert.ok(order, `${number} was never placed`);
    assert.equal(order.state, 'NOTPAY');
    assert.ok(at < Date.parse(order.expire), 'the order is over');
    Object.assign(order, {
      state: 'SUCCESS',
      paidAt: Math.floor(at / 1000) * 1000,
      transactionId: `42000000${String(++this.counted).padStart(20, '0')}`,
    });
    return order;
  }

  // ---- Notices ----

  sealed(type, original, content) {
    const nonce = Formatter.nonce(12);
    return JSON.stringify({
      id: `EV-${randomBytes(8).toString('hex')}`,
      create_time: moment(this.now()),
      resource_type: 'encrypt-resource',
      event_type: type,
      summary: 'placeholder',
      resource: {
        original_type: original,
        algorithm: 'AEAD_AES_256_GCM',
        associated_data: original,
        nonce,
        ciphertext: Aes.AesGcm.encrypt(JSON.stringify(content), this.apiKey, nonce, original),
      },
    });
  }

  // Of a payment; `changes` are made to what it says, so that it is wrong.
  paidNotice(number, changes = {}) {
    return this.sealed('TRANSACTION.SUCCESS', 'transaction', {
      ...this.transaction(this.orders.get(number)),
      ...changes,
    });
  }

  refundNotice(number, changes = {}) {
    const refund = this.refunds.get(number);
    const { status, ...content } = this.refundShown(refund);
    return this.sealed(`REFUND.${refund.state}`, 'refund', {
      mchid: this.mchid,
      ...content,
      refund_status: status,
      ...changes,
    });
  }

  // Posts it to the centre; the status of the answer.
  async notify(address, text, headers = this.signed(text)) {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    });
    const said = await answer.text();
    if (answer.status >= 300) assert.equal(JSON.parse(said).code, 'FAIL', said);
    else assert.equal(said, '');
    return answer.status;
  }

  // ---- The trade bill ----

  // Of a day, as CSV: payments by when they were paid, refunds by when they were taken. `leave` takes rows out of it.
  bill(day, leave = () => true) {
    const on = (at) => moment(at).startsWith(day);
    const heads = [
      '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态',
      '付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额',
      '退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
    ].join(',');
    const row = (at, order, state, paid, refund) => {
      const { id = '0', number = '0', fen = 0, state: how = '' } = refund ?? {};
      return [
        moment(at),
        this.appid,
        this.mchid,
        '0',
        '',
        order.transactionId,
        order.number,
        'placeholder',
        'NATIVE',
        state,
        'OTHERS',
        'CNY',
        yuan(paid),
        '0.00',
        id,
        number,
        yuan(fen),
        '0.00',
        refund ? 'ORIGINAL' : '',
        how,
        order.description,
        '',
        '0.00',
        '0.60%',
        yuan(paid),
        yuan(fen),
        '',
      ];
    };
    const payments = [...this.orders.values()].filter((order) => order.paidAt && on(order.paidAt) && leave(order));
    const refunds = [...this.refunds.values()].filter((refund) => on(refund.at) && leave(refund));
    const rows = [
      ...payments.map((order) => row(order.paidAt, order, 'SUCCESS', order.total)),
      ...refunds.map((refund) => row(refund.at, refund.order, 'REFUND', 0, refund)),
    ];
    const sum = (list, name) => list.reduce((total, each) => total + each[name], 0);
    const [paid, back] = [sum(payments, 'total'), sum(refunds, 'fen')];
    const sums = [rows.length, yuan(paid), yuan(back), '0.00', '0.00', yuan(paid), yuan(back)];
    const lines = [
      heads,
      ...rows.map((each) => each.map((value) => `\`${value}`).join(',')),
      '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
      sums.map((value) => `\`${value}`).join(','),
    ];
    return `\uFEFF${lines.join('\r\n')}\r\n`;
  }

  billPlace(asked) {
    const day = asked.get('bill_date');
    if (asked.get('bill_type') !== 'ALL' || Date.parse(`${day}T24:00:00+08:00`) > this.now())
      return this.refuses(400, 'PARAM_ERROR');
    if (this.noBill) return this.refuses(404, 'NO_STATEMENT_EXIST');
    const hash = createHash('sha1').update(this.bill(day)).digest('hex');
    return this.says(200, {
      hash_type: 'SHA1',
      hash_value: this.wrongHash ?? hash,
      download_url: `${this.endpoint}/v3/billdownload/file?token=${day}`,
    });
  }

  // ---- Its book ----

  // What the merchant has of an order, in fen.
  balance(number) {
    const order = this.orders.get(number);
    if (!order?.paidAt) return 0;
    return (
      order.total -
      [...this.refunds.values()]
        .filter((each) => each.order === order && each.state === 'SUCCESS')
        .reduce((sum, each) => sum + each.fen, 0)
    );
  }
}
