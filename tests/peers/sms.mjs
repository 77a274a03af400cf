// The SMS providers, played: each checks what it is sent with its vendor's own code and keeps the messages that it
// took.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import openapiUtil from '@alicloud/openapi-util';
import tencentSign from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js';
import { Peer } from './peer.mjs';

class Provider extends Peer {
  constructor(options) {
    super(options);
    this.taken = []; // {mobile, key, ...}, in order, copies too
    this.refuse = () => null; // a message's code of refusal
  }

  copies(key) {
    return this.taken.filter((message) => message.key === key).length;
  }

  to(mobile) {
    return this.taken.filter((message) => message.mobile === mobile);
  }
}

// ---- Tencent Cloud ----

export const tencentAccount = {
  secretId: 'AKIDplaceholder',
  secretKey: 'placeholder-tencent-key',
  appId: '1400000000',
  sign: '示例',
};

export class Tencent extends Provider {
  settings(templates) {
    const { secretId, appId, sign } = tencentAccount;
    return {
      provider: 'tencent',
      sign,
      endpoint: this.endpoint,
      tencent: { secret_id: secretId, app_id: appId },
      templates,
    };
  }

  // null, or the code that the real one would answer with.
  fault({ method, headers, body }) {
    const timestamp = Number(headers['x-tc-timestamp']);
    const { secretId, secretKey } = tencentAccount;
    if (Math.abs(this.now() / 1000 - timestamp) > 300) return 'AuthFailure.SignatureExpire';
    const right = tencentSign.default.sign3({
      method,
      url: `https://${headers.host}/`,
      payload: body,
      timestamp,
      service: 'sms',
      secretId,
      secretKey,
      headers: { 'Content-Type': headers['content-type'] },
    });
    if (headers.authorization !== right) return 'AuthFailure.SignatureFailure';
    if (headers['x-tc-action'] !== 'SendSms' || headers['x-tc-version'] !== '2021-01-11') return 'InvalidAction';
    return headers['x-tc-region'] ? null : 'MissingParameter';
  }

  answer(request) {
    const error = (Code) => ({
      json: { Response: { Error: { Code, Message: `refused: ${request.body}` }, RequestId: 'placeholder' } },
    });
    const fault = this.fault(request);
    if (fault) return error(fault);
    const asked = JSON.parse(request.body);
    if (asked.SmsSdkAppId !== tencentAccount.appId) return error('UnauthorizedOperation.SmsSdkAppIdVerifyFail');
    const [number] = asked.PhoneNumberSet;
    const status = { PhoneNumber: number, Fee: 1, SessionContext: asked.SessionContext, IsoCode: 'CN' };
    const refused = this.refuse(asked);
    if (refused)
      return {
        json: { Response: { SendStatusSet: [{ ...status, SerialNo: '', Fee: 0, Code: refused, Message: 'no' }] } },
      };
    const SerialNo = `5000:${this.taken.length + 1}`;
    this.taken.push({
      mobile: number.replace('+86', ''),
      key: asked.SessionContext,
      reference: SerialNo,
      template: asked.TemplateId,
      sign: asked.SignName,
      params: asked.TemplateParamSet,
    });
    return {
      json: {
        Response: {
          SendStatusSet: [{ ...status, SerialNo, Code: 'Ok', Message: 'send success' }],
          RequestId: 'placeholder',
        },
      },
    };
  }
}

// ---- Aliyun ----

export const aliyunAccount = { id: 'placeholderKeyId', secret: 'placeholder-aliyun-secret', sign: '示例' };
const nothing = createHash('sha256').digest('hex');

export class Aliyun extends Provider {
  settings(templates) {
    return {
      provider: 'aliyun',
      sign: aliyunAccount.sign,
      endpoint: this.endpoint,
      aliyun: { access_key_id: aliyunAccount.id },
      templates,
    };
  }

  fault({ method, url, headers, body }) {
    const hash = createHash('sha256').update(body).digest('hex');
    const right = openapiUtil.default.getAuthorization(
      { method, pathname: url.pathname, query: Object.fromEntries(url.searchParams), headers },
      'ACS3-HMAC-SHA256',
      hash,
      aliyunAccount.id,
      aliyunAccount.secret,
    );
    if (headers.authorization !== right || headers['x-acs-content-sha256'] !== hash || hash !== nothing)
      return 'SignatureDoesNotMatch';
    if (Math.abs(this.now() - Date.parse(headers['x-acs-date'])) > 900_000) return 'InvalidTimeStamp.Expired';
    if (
      this.requests.some(
        (each) =>
          each.headers !== headers && each.headers['x-acs-signature-nonce'] === headers['x-acs-signature-nonce'],
      )
    )
      return 'SignatureNonceUsed';
    return headers['x-acs-action'] === 'SendSms' && headers['x-acs-version'] === '2017-05-25'
      ? null
      : 'InvalidAction.NotFound';
  }

  answer(request) {
    const fault = this.fault(request);
    if (fault)
      return { status: 400, json: { Code: fault, Message: `refused: ${request.url}`, RequestId: 'placeholder' } };
    const asked = Object.fromEntries(request.url.searchParams);
    const refused = this.refuse(asked);
    if (refused) return { json: { Code: refused, Message: 'no', RequestId: 'placeholder' } };
    const BizId = `9006${this.taken.length + 1}^0`;
    this.taken.push({
      mobile: asked.PhoneNumbers,
      key: asked.OutId,
      reference: BizId,
      template: asked.TemplateCode,
      sign: asked.SignName,
      params: JSON.parse(asked.TemplateParam),
    });
    return { json: { Code: 'OK', Message: 'OK', RequestId: 'placeholder', BizId } };
  }
}

// ---- A centre's own gateway ----

export const gatewaySecret = 'placeholder-gateway-secret';

export class Gateway extends Provider {
  settings() {
    return { provider: 'webhook', webhook: { url: `${this.endpoint}/sms` } };
  }

  answer({ url, headers, body }) {
    const timestamp = headers['kaowu-timestamp'];
    const right = createHmac('sha256', gatewaySecret).update(`${timestamp}.`).update(body).digest();
    const given = Buffer.from(headers['kaowu-signature'] ?? '', 'hex');
    if (given.length !== right.length || !timingSafeEqual(given, right))
      return { status: 401, json: { error: 'signature' } };
    if (Math.abs(this.now() / 1000 - Number(timestamp)) > 300) return { status: 401, json: { error: 'too old' } };
    if (url.pathname !== '/sms') return { status: 404, json: {} };
    const message = JSON.parse(body);
    // It knows what it has had: a copy is taken and not sent on.
    if (message.key !== headers['idempotency-key']) return { status: 400, json: { error: 'key' } };
    const refused = this.refuse(message);
    if (refused) return { status: refused, json: { error: 'refused' } };
    if (this.copies(message.key) === 0)
      this.taken.push({ ...message, reference: `gateway-${this.taken.length + 1}` });
    return { json: { reference: this.taken.find((each) => each.key === message.key).reference } };
  }
}
