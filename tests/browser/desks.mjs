// What the staff do in their pages, in steps, by the names that are on the screen.
const words = {
  'zh-CN': {
    code: /^验证码/, myAccount: /^我的账号/, turnOn: '启用', confirm: '确认', kept: '已保存', change: '修改密码', changed: '密码已修改',
    signIn: '登录', signOut: '退出登录', login: '登录名', password: '密码', newPassword: '新密码', accept: '设置密码并登录',
    queue: '审核队列', pass: '通过', fail: '不通过', send: '提交决定', approve: '审核通过', reject: '审核不通过', undo: '撤销', now: '立即发出',
    sent: /已发出/, note: '审核说明（考生可见）', next: '下一份', back: '返回队列', takeOver: '接手', again: '请重新登录', saved: '通过', failed: '不通过',
  },
  en: {
    code: /^Code/, myAccount: /^My account/, turnOn: 'Turn on', confirm: 'Confirm', kept: 'I have kept them',
    change: 'Change the password', changed: 'The password is changed',
    signIn: 'Sign in', signOut: 'Sign out', login: 'Login', password: 'Password', newPassword: 'New password',
    accept: 'Set the password and sign in',
    queue: 'Review queue', pass: 'Pass', fail: 'Fail', send: 'Send the decision', approve: 'Approve', reject: 'Reject', undo: 'Undo', now: 'Send now',
    sent: /^Sent:|Sent: the/, note: 'Note (the candidate reads it)', next: 'Next', back: 'Back to the queue', takeOver: 'Take over',
    again: 'Please sign in again', saved: 'Passed', failed: 'Failed',
  },
};
export const say = (visitor) => words[visitor.language];

export const password = 'placeholder-password-1';

// Fills in the door, or the window above the page that opens when a session has ended.
export async function signIn(visitor, login, secret = password) {
  const w = say(visitor);
  const form = visitor.page.locator('form').filter({ has: visitor.page.getByLabel(w.login) });
  await form.getByLabel(w.login).fill(login);
  await form.getByLabel(w.password).fill(secret);
  await form.getByRole('button', { name: w.signIn }).click();
}

// ---- Review ----

export const card = (visitor, item) => visitor.page.locator('.item').nth(item);
const open = (visitor) => visitor.page.locator('.item.open');

// Opens a case from the queue by its candidate's name.
export async function openCase(visitor, name) {
  await visitor.page.getByRole('link', { name, exact: true }).click();
  await visitor.page.locator('.desk').waitFor();
}

// Waits until the open item is saved as that.
const saved = (visitor, item, text) => item.locator('.item-head .tag').filter({ hasText: new RegExp(`^${text}$`) }).waitFor();

export async function pass(visitor, item) {
  const w = say(visitor);
  await item.locator('.item-head').click();
  await open(visitor).getByRole('button', { name: new RegExp(`^${w.pass}`) }).click();
  await saved(visitor, item, w.saved);
}

export async function fail(visitor, item, reason, note) {
  const w = say(visitor);
  await item.locator('.item-head').click();
  await open(visitor).getByRole('button', { name: new RegExp(`^${w.fail}`) }).click();
  await open(visitor).locator('.el-checkbox').nth(reason).click();
  if (note) await open(visitor).getByLabel(w.note).fill(note);
  await saved(visitor, item, w.failed);
}

export const preview = (visitor) => visitor.page.locator('dialog[open]');

// Sends what the judgements make, and does not wait for the ten seconds.
export async function send(visitor, outcome) {
  const w = say(visitor);
  await visitor.page.locator('.bar').getByRole('button', { name: new RegExp(`^${w.send}`) }).click();
  await preview(visitor).getByRole('button', { name: w[outcome] }).click();
}
