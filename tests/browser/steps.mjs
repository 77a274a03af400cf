// What a candidate does in the pages, in steps, by the names that are on the screen: no test here knows of the pages' insides.
import { Buffer } from 'node:buffer';
import { portrait, scan } from '../http/pictures.mjs';
import { residentId } from '../http/candidate.mjs';

const words = {
  'zh-CN': {
    apply: '我要报名', signUp: '注册', noAccount: '还没有账号？注册', mobile: '手机号', code: '短信验证码', sendCode: '获取验证码', password: '密码',
    save: '保存并返回', identity: '报考身份', details: '个人信息', condition: '申报条件', certificates: '证书和学历', work: '工作经历',
    materials: '上传材料', upload: '上传', uploaded: '已上传', submit: '检查并提交', send: '提交申报', back: '返回申报', addWork: '再加一条工作经历',
    changeable: /等待期间仍可修改/, byHand: /申报条件须原样抄写，其余写您自己的情况/,
    tell: '登记快递', paid: /然后等待准考证/, posted: /请等待机构收件核对/, holds: '有效：这张准考证由本机构签发。',
  },
  en: {
    apply: 'Apply', signUp: 'Sign up', noAccount: 'No account yet? Sign up', mobile: 'Mobile number', code: 'SMS code', sendCode: 'Send a code',
    password: 'Password', save: 'Save and go back', identity: 'Identity', details: 'Personal details', condition: 'Condition applied under',
    certificates: 'Certificates and diplomas', work: 'Work history', materials: 'Materials', upload: 'Upload', uploaded: 'Uploaded',
    submit: 'Check and hand in', send: 'Hand in', back: 'Back to the application', addWork: 'Add another: Work',
    changeable: /can still be changed/, byHand: /the condition word for word, the rest as it is with you/,
    tell: 'Tell the centre', paid: /then wait for the admission ticket/,
    posted: /wait until it has been checked/, holds: 'Valid: this centre issued this ticket.',
  },
};
export const say = (visitor) => words[visitor.language];

export const password = 'placeholder-password-1';
export const file = (name, bytes, mimeType = 'image/jpeg') => ({ name, mimeType, buffer: Buffer.from(bytes) });

export async function signUp(visitor, mobile) {
  const { page, deployment, slug } = visitor;
  const w = say(visitor);
  const send = page.getByRole('button', { name: w.sendCode });
  await send.waitFor(); // the page that one comes from asks for a mobile number too
  await page.getByLabel(w.mobile).fill(mobile);
  await send.click();
  const message = await deployment.message(slug, mobile, 'code_sign_up');
  await page.getByLabel(w.code).fill(message.text.match(/\d{6}/)[0]);
  await page.getByLabel(w.password).fill(password);
  await page.getByRole('button', { name: w.signUp, exact: true }).click();
}

// From the plan's page: to apply is to sign up first, and the way leads on to the application.
export async function begin(visitor, mobile, occupation = '供应链管理师') {
  const { page } = visitor;
  const w = say(visitor);
  await visitor.goto();
  await page.getByRole('link', { name: new RegExp(occupation) }).click();
  await page.getByRole('button', { name: w.apply, exact: true }).click();
  await page.getByRole('link', { name: w.noAccount }).click();
  await signUp(visitor, mobile);
  await page.getByRole('link', { name: w.identity }).waitFor();
  visitor.application = page.url().match(/applications\/([^/?]+)/)[1];
}

export async function open(visitor, topic) {
  await visitor.page.locator('.tasks').getByRole('link', { name: say(visitor)[topic], exact: true }).click();
  await visitor.page.getByRole('heading', { level: 1, name: say(visitor)[topic], exact: true }).waitFor();
}

export async function save(visitor) {
  await visitor.page.getByRole('button', { name: say(visitor).save }).click();
  await visitor.page.locator('.tasks').waitFor();
}

// Fields by the end of their id: their labels are in two languages.
export const field = (visitor, pointer) => visitor.page.locator(`#field${pointer.replaceAll('/', '-')}`);

const detailsOf = (order, name) => ({
  name, id_number: residentId(order), mobile: '13800000000', employer: '示例供应链有限公司', address: '北京市海淀区示例路1号',
});
const choices = { ethnicity: '汉族', education: '大学本科', province: '北京市', candidate_source: '私营企业' };

export async function fillDetails(visitor, order, name = '张三') {
  for (const [key, value] of Object.entries(detailsOf(order, name))) await field(visitor, `/${key}`).fill(value);
  for (const [key, value] of Object.entries(choices))
    await field(visitor, `/${key}`).selectOption({ label: visitor.language === 'en' ? english[value] : value });
}
const english = { 汉族: 'Han', 大学本科: 'Bachelor', 北京市: 'Beijing', 私营企业: 'Private company' };

export async function fillCertificate(visitor, { index = 0, occupation = '供应链管理师', issued = '2020-05-01' } = {}) {
  const at = `/certificates/${index}`;
  await field(visitor, `${at}/occupation`).selectOption({ label: occupation });
  await field(visitor, `${at}/level`).selectOption({ index: 2 });
  await field(visitor, `${at}/issued`).fill(issued);
  await field(visitor, `${at}/number`).fill('S000011000001202000001');
}

export async function month(visitor, pointer, value) {
  const [year, number] = value.split('-');
  const both = field(visitor, pointer).locator('xpath=..').locator('select');
  await both.nth(0).selectOption(year);
  await both.nth(1).selectOption(number);
}

export async function fillWork(visitor, { index = 0, from = '2020-06', to = null } = {}) {
  const { page } = visitor;
  const at = `/work/${index}`;
  await field(visitor, `${at}/relation`).getByRole('radio').first().check();
  await month(visitor, `${at}/from`, from);
  if (to) await month(visitor, `${at}/to`, to);
  else await page.locator(`fieldset[id="field-work-${index}"]`).getByRole('checkbox').first().check();
  await field(visitor, `${at}/employer`).fill('示例供应链有限公司');
  await field(visitor, `${at}/witness`).fill('李四');
  await field(visitor, `${at}/witness_phone`).fill('010-00000000');
}

export async function consent(visitor) {
  for (const box of await visitor.page.getByRole('checkbox').all()) await box.check();
  await visitor.page.waitForFunction(() => !document.querySelector('.tile button:disabled'));
}

export const tile = (visitor, material) => visitor.page.locator(`#material-${material}`);

export async function pick(visitor, material, picture) {
  await tile(visitor, material).locator('input[type=file]').first().setInputFiles(picture);
}

export async function uploadOne(visitor, material, picture) {
  const w = say(visitor);
  await pick(visitor, material, picture);
  await tile(visitor, material).getByRole('button', { name: w.upload, exact: true }).click();
  await tile(visitor, material).getByText(w.uploaded, { exact: true }).waitFor();
}

export const pictures = (seed) => ({
  portrait: file('portrait.jpg', portrait({ width: 590, height: 826, quality: 95, seed })),
  scan: file('scan.jpg', scan({ seed })),
});

export async function uploadAll(visitor, seed = 11) {
  const { portrait: face, scan: page } = pictures(seed);
  const ids = await visitor.page.locator('.tile').evaluateAll((tiles) => tiles.map((each) => each.id.replace('material-', '')));
  for (const id of ids) await uploadOne(visitor, id, id === 'portrait' ? face : page);
  return ids;
}
