// What the staff do in their pages, in steps, by the names that are on the screen.
const words = {
  'zh-CN': {
    signIn: '登录', signOut: '退出登录', login: '登录名', password: '密码', newPassword: '新密码', accept: '设置密码并登录',
  },
  en: {
    signIn: 'Sign in', signOut: 'Sign out', login: 'Login', password: 'Password', newPassword: 'New password',
    accept: 'Set the password and sign in',
  },
};
export const say = (visitor) => words[visitor.language];

export const password = 'placeholder-password-1';

// Fills in the door, or the window above the page that opens when a session has ended.
export async function signIn(visitor, login) {
  const w = say(visitor);
  const form = visitor.page.locator('form').filter({ has: visitor.page.getByLabel(w.login) });
  await form.getByLabel(w.login).fill(login);
  await form.getByLabel(w.password).fill(password);
  await form.getByRole('button', { name: w.signIn }).click();
}
