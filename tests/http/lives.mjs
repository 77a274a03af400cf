// What must become of applications, as docs/rules.md, docs/payments.md and the words of openapi.json have it: an oracle that
// lives.test.mjs holds the program against. It was written from those, and knows nothing of tables.
//
// Each act gives a verdict: the reasons to refuse it, any of which may be told, or what it does. Nothing changes before the test
// has seen the act taken.

export const hour = 3600e3;
export const day = 24 * hour;
const pictures = 80 * day; // of who was never approved, after it
const parcels = 60 * day; // for what was posted or was wrong, after the papers' deadline

export const topics = ['details', 'identity', 'condition', 'certificates', 'work'];
export const materials = ['id_card_front', 'id_card_back', 'portrait', 'application_form', 'certificate', 'work_pledge'];
const impersonal = new Set(['identity', 'condition']);
const contents = [...topics, ...materials.map((each) => `material:${each}`)];
export const judged = contents.filter((item) => item !== 'identity'); // everybody is taken as 职工 (S14): nothing to judge
export const papers = { application_form: 2, work_pledge: 1 };

const consentFor = { portrait: 'portrait', id_card_front: 'id_images', id_card_back: 'id_images' };

const verdict = (reasons, effect) => ({ refused: reasons.filter(Boolean), effect });
// Of the day at the centres, eight hours before Greenwich.
const endOfDay = (at) => (Math.floor((at + 8 * hour) / day) + 1) * day - 8 * hour;
// Three years after a plan's last day: a date at the centres.
const archiveEnd = (plan) => {
  const date = new Date(plan.examEnd + 8 * hour).toISOString();
  return `${Number(date.slice(0, 4)) + 3}${date.slice(4, 10)}`;
};
const total = (list, number) => list.reduce((sum, each) => sum + number(each), 0);

export class Plan {
  constructor(document) {
    const moment = (text) => Date.parse(text);
    Object.assign(this, {
      name: document.name,
      applyUntil: moment(document.apply.until),
      payUntil: moment(document.pay_until),
      papersUntil: moment(document.papers_until),
      examEnd: Math.max(...document.exam.subjects.map(({ until }) => moment(until))),
      fee: document.fee_fen,
      places: document.places,
      seats: total(document.exam.rooms, ({ seats }) => seats),
      closed: false,
    });
  }

  takes(now) { return !this.closed && now < this.applyUntil; }
}

// Who has signed up: until the account is closed, its person is told of everything by SMS.
export class Account {
  closed = false;
  wantsErasure = false;
  consents = new Set(['portrait', 'id_images']);
  constructor(person) { Object.assign(this, { person, mobile: person.mobile, document: person.document }); }
}

export class Order {
  events = []; // {kind, amount, receipt}
  refunds = []; // {amount, state}
  closed = false;
  constructor(life, provider, until) { Object.assign(this, { life, provider, until, amount: life.plan.fee }); }

  get came() { return total(this.events, ({ amount }) => amount); }
  get balance() { return this.came - total(this.refunds.filter(({ state }) => state === 'refunded'), ({ amount }) => amount); }
  // What is on its way back, and what somebody asked back besides.
  get leaving() { return total(this.refunds.filter(({ state }) => ['approved', 'sent'].includes(state)), ({ amount }) => amount); }
  get asked() { return this.leaving + total(this.refunds.filter(({ state }) => ['asked', 'failed'].includes(state)), ({ amount }) => amount); }

  state(now) {
    const worst = ['paid_again', 'paid_late', 'paid'].find((each) => this.events.some(({ kind }) => kind === each));
    if (worst) return this.balance === 0 ? 'refunded' : { paid: 'paid', paid_late: 'late', paid_again: 'again' }[worst];
    return this.closed ? 'closed' : now < this.until ? 'open' : 'expired';
  }
}

// One application.
export class Life {
  state = 'draft';
  version = 1;
  revision = 0;
  filled = new Set();
  outcomes = new Map(); // item -> pass, fail: of this round
  passed = new Set(); // by earlier rounds, and unchanged since
  failed = new Set(); // by the last decision
  answered = new Set(); // of those, changed since
  approved = false; // ever
  orders = [];
  papers = { posted: null, received: null, accepted: false, passed: new Set() };
  lease = null;
  grace = 0; // there is time until then at least, whatever the plan says
  erased = false;
  reminded = new Set();

  constructor(centre, account, plan) { Object.assign(this, { centre, account, plan }); }

  get stands() { return ['reviewing', 'rejected', 'approved', 'ticketed'].includes(this.state); }
  // May it be written in? Closing a plan takes no new ones, and nothing from those that were handed in.
  get writable() {
    const { now } = this.centre;
    if (this.state === 'rejected') return now < this.correctUntil;
    return this.state === 'reviewing' ? now < this.plan.applyUntil : this.plan.takes(now);
  }
  get correctUntil() { return Math.max(this.plan.applyUntil, this.grace); }
  get submitUntil() { return { draft: this.plan.applyUntil, rejected: this.correctUntil }[this.state]; }
  get payUntil() { return Math.max(this.plan.payUntil, this.grace); }
  get papersUntil() { return Math.max(this.plan.papersUntil, this.grace); }
  get money() { return this.orders.filter(({ events }) => events.length); }
  get paid() { return this.approved && (this.plan.fee === 0 || this.money.some(({ balance }) => balance > 0)); }
  get refunded() { return !this.paid && this.money.some(({ balance, events }) => balance === 0 && events.some(({ kind }) => kind.startsWith('paid'))); }
  get staysPaid() { return this.approved && (this.plan.fee === 0 || this.money.some(({ balance, leaving }) => balance > leaving)); }
  get takenAgain() { return this.reopens && this.plan.takes(this.centre.now); }
  get reopens() { return !this.approved && ['withdrawn', 'expired'].includes(this.state); }
  // Told as posted and not looked at since.
  get underway() { return this.papers.posted !== null && (this.papers.received === null || this.papers.posted > this.papers.received); }
  // Does it say anything of the person still?
  get personal() { return !this.gone && !this.erased && (this.state === 'draft' || contents.some((item) => !impersonal.has(item) && this.filled.has(item))); }
  get archived() { return this.approved || this.money.length > 0; }
  get canPost() { return this.state === 'approved' && !this.papers.accepted; }

  get status() {
    if (this.state !== 'approved') return this.state;
    return !this.paid ? 'awaiting_payment' : this.papers.accepted ? 'awaiting_ticket' : 'awaiting_papers';
  }

  get nextAction() {
    switch (this.status) {
      case 'draft': return this.writable ? 'complete_and_submit' : 'none';
      case 'reviewing': return 'wait_for_review';
      case 'rejected': return 'correct_and_submit';
      case 'awaiting_payment': return 'pay';
      case 'awaiting_papers': return this.underway ? 'wait_for_papers' : 'post_papers';
      case 'awaiting_ticket': return 'wait_for_ticket';
      case 'ticketed': return 'print_ticket';
      default: return this.takenAgain && !this.centre.full(this.plan) ? 'apply_again' : 'none';
    }
  }

  get answeredItems() { return ['rejected', 'expired'].includes(this.state) ? [...this.answered] : []; }
  get openItems() {
    if (!this.writable) return [];
    const asked = contents.filter((item) => !item.startsWith('material:') || this.filled.has('condition'));
    if (this.state === 'draft') return asked;
    if (this.state === 'reviewing') return asked.filter((item) => !this.passed.has(item));
    return this.state === 'rejected' ? asked.filter((item) => this.failed.has(item) || this.followsCondition(item)) : [];
  }

  // Where the condition failed, so is open what another one may ask for.
  followsCondition(item) {
    return this.failed.has('condition') && (['certificates', 'work'].includes(item) || !this.passed.has(item));
  }

  tell(event) { if (!this.account.closed) this.centre.tell(this.account.mobile, event); }

  move(state) {
    this.state = state;
    this.version++;
    this.lease = null;
  }

  // ---- The candidate ----

  change(item, effect) {
    const changed = () => {
      this.version++;
      if (this.state === 'reviewing') this.revision++;
      if (this.state === 'rejected' && (this.failed.has(item) || this.passed.has(item))) this.answered.add(item);
      this.passed.delete(item);
      this.outcomes.delete(item);
      if (this.state === 'draft') for (const old of [this.failed, this.answered]) old.delete(item);
      effect();
    };
    return [changed, !this.writable && '409 plan.not_open', !this.openItems.includes(item) && '409 application.locked'];
  }

  put(topic) {
    const [changed, ...reasons] = this.change(topic, () => this.filled.add(topic));
    return verdict([...reasons, topic === 'details' && this.centre.twin(this) && '422 application.duplicate'], changed);
  }

  upload(material) {
    const item = `material:${material}`;
    const [changed, ...reasons] = this.change(item, () => this.filled.add(item));
    const consent = consentFor[material];
    return verdict([...reasons, !this.filled.has('condition') && '409 material.condition_first',
      consent && !this.account.consents.has(consent) && `409 consent.no_${consent}`], changed);
  }

  remove(material) {
    const item = `material:${material}`;
    const [changed, ...reasons] = this.change(item, () => this.filled.delete(item));
    return verdict([...reasons, !this.filled.has('condition') && '409 material.condition_first', !this.filled.has(item) && '404 material.not_there',
      this.state === 'reviewing' && '422 application.missing'], changed);
  }

  forget(item) {
    if (!this.filled.has(item)) return;
    this.version++;
    for (const known of [this.filled, this.passed, this.failed, this.answered]) known.delete(item);
  }

  submit() {
    const first = this.state === 'draft';
    const complete = contents.every((item) => this.filled.has(item));
    return verdict([
      !first && this.state !== 'rejected' && '409 application.state',
      !this.writable && '409 plan.not_open',
      first && this.centre.full(this.plan) && '409 plan.full',
      this.state === 'rejected' && ![...this.failed].some((item) => this.answered.has(item)) && '409 application.unchanged',
      !complete && '422 application.missing',
      !complete && !this.filled.has('condition') && '422 material.condition_first',
      this.centre.twin(this) && '422 application.duplicate',
      ...Object.entries(consentFor).map(([material, kind]) =>
        this.filled.has(`material:${material}`) && !this.account.consents.has(kind) && `409 consent.no_${kind}`),
    ], () => {
      this.move('reviewing');
      this.revision++;
      // What failed and stayed as it is keeps its failure, for the reviewer to see.
      this.outcomes = new Map([...this.failed].filter((item) => !this.answered.has(item)).map((item) => [item, 'fail']));
      this.answered.clear();
      this.tell('submitted');
    });
  }

  // What is approved until its fee would be due, and for good; of what was paid and not asked back yet a refund is asked for.
  get withdrawal() {
    const { now } = this.centre;
    const until = this.state === 'approved' ? this.payUntil : null;
    if (!['draft', 'reviewing', 'rejected', 'approved'].includes(this.state) || (until && now >= until)) return null;
    return { until, reopens: !this.approved && this.plan.takes(now), refund: total(this.orders, ({ balance, asked }) => balance - asked) };
  }

  withdraw() {
    const { withdrawal } = this;
    return verdict([!withdrawal && '409 application.state', !withdrawal && '409 withdrawal.over'], ({ refunds }) => {
      this.closeOrders();
      for (const order of this.orders) {
        const amount = order.balance - order.asked;
        const known = refunds.find((each) => each.order_number === order.number && !order.refunds.some(({ number }) => number === each.number));
        if (amount > 0) order.refunds.push({ order, number: known.number, amount, state: 'asked' });
      }
      this.move('withdrawn');
      this.tell(withdrawal.refund > 0 ? 'withdrawn_paid' : withdrawal.reopens ? 'withdrawn' : 'withdrawn_over');
    });
  }

  // An open order of the same provider is given back, so `order` tells which it is.
  order(provider) {
    const { now } = this.centre;
    const open = this.orders.find((each) => each.provider === provider && each.state(now) === 'open');
    return verdict([
      this.state !== 'approved' && '409 payment.not_approved',
      this.paid && '409 payment.paid_already',
      now >= this.payUntil && '409 payment.too_late',
    ], ({ body }) => {
      if (open) return;
      for (const each of this.orders) if (each.state(now) === 'expired') each.closed = true;
      const order = new Order(this, provider, Date.parse(body.expires_at));
      this.orders.push(Object.assign(order, { id: body.id, number: body.number, code: body.code_url?.split('/').pop() }));
    });
  }

  post() {
    return verdict([
      !this.approved && '409 paper.not_yet',
      this.papers.accepted && '409 paper.accepted',
      this.approved && this.state !== 'approved' && '409 paper.over',
    ], () => { this.papers.posted = this.centre.tick(); });
  }

  // ---- Review ----

  claim(reviewer, takeOver) {
    return verdict([
      this.state !== 'reviewing' && '409 review.not_waiting',
      this.lease && this.lease !== reviewer && !takeOver && '409 review.leased',
    ], () => { this.lease = reviewer; });
  }

  held(reviewer) {
    return [
      this.state !== 'reviewing' && '409 review.not_waiting',
      this.lease && this.lease !== reviewer && '409 review.leased',
      this.lease !== reviewer && '409 review.lease_needed',
    ];
  }

  judge(reviewer, item, outcome) {
    return verdict([...this.held(reviewer), this.passed.has(item) && '409 review.item_locked'], () => this.outcomes.set(item, outcome));
  }

  decide(reviewer, outcome) {
    const open = judged.filter((item) => !this.passed.has(item));
    const failed = open.filter((item) => this.outcomes.get(item) === 'fail');
    const reasons = outcome === 'approved'
      ? [failed.length && '409 review.failed', open.some((item) => !this.outcomes.has(item)) && '409 review.unjudged']
      : [!failed.length && '409 review.nothing_failed'];
    return verdict([...this.held(reviewer), ...reasons], () => {
      for (const item of open) if (this.outcomes.get(item) === 'pass') this.passed.add(item);
      this.outcomes.clear();
      this.failed = new Set(failed);
      this.answered.clear();
      this.leaveTime(outcome);
      this.move(outcome);
      if (outcome === 'approved') this.approved = true;
      this.tell(outcome === 'approved' && this.plan.fee === 0 ? 'approved_free' : outcome);
    });
  }

  // What is to be done next has two days at least, however long it waited for review.
  leaveTime(outcome) {
    const { applyUntil, payUntil, papersUntil, fee } = this.plan;
    const until = this.centre.now + 2 * day;
    if (until > (outcome === 'rejected' ? applyUntil : fee ? payUntil : papersUntil)) this.grace = until;
  }

  // ---- Money ----

  closeOrders(but) {
    for (const each of this.orders) if (each !== but && !each.events.length) each.closed = true;
  }

  take(order, receipt) {
    const { now } = this.centre;
    const kind = this.paid ? 'paid_again' : this.state !== 'approved' || now >= this.payUntil ? 'paid_late' : 'paid';
    // A second receipt for one order is the desk's affair.
    const quiet = order.provider === 'offline' && order.events.length > 0;
    order.events.push({ kind, amount: order.amount, receipt });
    this.closeOrders(order);
    if (!quiet) this.tell(kind === 'paid' && this.papers.accepted ? 'paid_ready' : kind);
  }

  // ---- The office ----

  receive(right) {
    const open = Object.keys(papers).filter((paper) => !this.papers.passed.has(paper));
    return verdict([
      !this.approved && '409 paper.not_yet',
      this.papers.accepted && '409 paper.accepted',
      this.approved && this.state !== 'approved' && '409 paper.over',
    ], () => {
      for (const paper of open) if (right(paper)) this.papers.passed.add(paper);
      this.papers.received = this.centre.tick();
      this.papers.accepted = open.every(right);
      this.tell(this.papers.accepted ? 'papers_received' : 'papers_wrong');
    });
  }

  restore() {
    return verdict([
      !['expired', 'forfeited', 'withdrawn'].includes(this.state) && '409 application.state',
      !this.approved && '409 deadline.never_approved',
      this.plan.examEnd <= this.centre.now && '409 deadline.exam_over',
      this.erased && '409 erasure.nothing_left',
      this.centre.twin(this) && '422 application.duplicate',
    ], () => {
      this.move('approved');
      this.grace = endOfDay(this.centre.now + 7 * day);
      this.tell('restored');
    });
  }

  // Of what comes next, once a day; nobody is asked to post what is on its way.
  remind() {
    const [kind, until] = this.status === 'awaiting_payment' ? ['remind_payment', this.payUntil] : ['remind_papers', this.papersUntil];
    const today = `${kind} ${endOfDay(this.centre.now)}`;
    return verdict([
      !['awaiting_payment', 'awaiting_papers'].includes(this.status) && '409 reminder.nothing',
      this.refunded && '409 reminder.refunded',
      this.status === 'awaiting_papers' && this.underway && '409 reminder.posted',
      this.centre.now >= until && '409 reminder.late',
      this.reminded.has(today) && '409 reminder.today',
    ], () => {
      this.reminded.add(today);
      this.tell(kind);
    });
  }

  void() {
    return verdict([!this.stands && '409 application.state'], () => {
      this.tell(this.money.some(({ balance }) => balance > 0) ? 'voided_paid' : 'voided');
      this.closeOrders();
      this.move('voided');
    });
  }

  // ---- The clock ----

  get overdue() {
    const { now } = this.centre;
    if (this.state === 'draft') return now >= this.plan.applyUntil && 'expired';
    if (this.state === 'rejected') return now >= this.correctUntil && 'expired';
    if (this.state !== 'approved') return false;
    if (!this.paid && now >= this.payUntil) return 'expired';
    if (this.papers.accepted) return false;
    const gone = this.papers.posted === null && this.papers.received === null ? this.papersUntil : this.papersUntil + parcels;
    return now >= gone && 'forfeited';
  }

  pass() {
    const end = this.overdue;
    if (end) {
      this.move(end);
      this.tell(end);
    }
    const over = ['withdrawn', 'expired'].includes(this.state) && !this.approved && this.centre.now >= this.plan.papersUntil + pictures;
    if (over) for (const material of materials) this.filled.delete(`material:${material}`);
  }

  // A draft goes as a whole; of anything else a tombstone stays.
  erase() {
    if (this.state === 'draft') this.gone = true;
    else {
      this.erased = true;
      this.version++;
    }
  }

  // When something becomes of it, or of what may be done with it, by itself.
  get moments() { return [this.correctUntil, this.payUntil, this.papersUntil, ...this.orders.map(({ until }) => until)]; }
}

export class Centre {
  accounts = [];
  lives = [];
  told = new Map(); // mobile -> events
  ticks = 0;

  constructor(plans) { this.plans = plans; }

  tick() { return ++this.ticks; }
  tell(mobile, event) { this.told.set(mobile, [...(this.told.get(mobile) ?? []), event]); }

  get orders() { return this.lives.flatMap(({ orders }) => orders); }
  get refunds() { return this.orders.flatMap(({ refunds }) => refunds); }

  // S12: one application for each plan.
  lifeOf(account, plan) { return this.lives.find((each) => each.account === account && each.plan === plan); }
  taken(plan) { return this.lives.filter((each) => each.plan === plan && each.stands).length; }
  full(plan) { return plan.places > 0 && this.taken(plan) >= plan.places; }
  // Another's that stands under the same document.
  twin(life) {
    return this.lives.some((each) => each !== life && each.plan === life.plan && each.stands && each.account.document === life.account.document);
  }

  apply(account, plan) {
    const life = this.lifeOf(account, plan);
    const begins = !life || life.reopens;
    return verdict([begins && !plan.takes(this.now) && '409 plan.not_open', begins && this.full(plan) && '409 plan.full'], ({ body }) => {
      if (!begins) return life;
      if (life) return life.move('draft') ?? life;
      this.lives.push(Object.assign(new Life(this, account, plan), { id: body.id, number: body.number }));
      return this.lives.at(-1);
    });
  }

  close(plan) {
    return verdict([plan.closed && '409 plan.not_published'], () => { plan.closed = true; });
  }

  publish(plan) {
    return verdict([plan.closed && this.now >= plan.applyUntil && '422 plan.over'], () => { plan.closed = false; });
  }

  // Who has applied keeps what was promised: the moments of a plan only move later.
  extend(plan, by) {
    return verdict([], () => { for (const name of ['applyUntil', 'payUntil', 'papersUntil']) plan[name] += by; });
  }

  pay(order) {
    const state = order.state(this.now);
    return verdict([['closed', 'expired'].includes(state) && '409 payment.order_over'], () => { if (state === 'open') order.life.take(order, order.code); });
  }

  confirm(order, receipt, amount) {
    const known = order.events.some((event) => event.receipt === receipt);
    const other = this.orders.some((each) => each !== order && each.events.some((event) => event.receipt === receipt));
    return verdict([
      order.provider !== 'offline' && '409 payment.not_offline',
      other && '422 payment.receipt_used',
      amount !== order.amount && '422 payment.amount',
    ], () => { if (!known) order.life.take(order, receipt); });
  }

  ask(order, amount) {
    const left = order.balance - order.asked;
    return verdict([left <= 0 && '409 payment.refund_nothing', amount > left && '422 payment.refund_more'], ({ body }) =>
      order.refunds.push({ order, number: body.number, amount: amount ?? left, state: 'asked', by: 'cashier' }));
  }

  takeBack(refund) {
    return verdict([refund.by !== 'cashier' && '403 payment.refund_others', refund.state !== 'asked' && '409 payment.refund_decided'],
      () => { refund.state = 'declined'; });
  }

  decideRefund(refund, approve) {
    return verdict([refund.state !== 'asked' && '409 payment.refund_decided'], () => {
      refund.state = approve ? 'approved' : 'declined';
      if (!approve) refund.order.life.tell('refund_declined');
      if (approve && refund.order.provider === 'simulated') this.refunded(refund);
    });
  }

  payOut(refund) {
    return verdict([
      refund.order.provider !== 'offline' && '409 payment.refund_not_offline',
      refund.state !== 'approved' && '409 payment.refund_not_approved',
    ], () => this.refunded(refund));
  }

  refunded(refund) {
    refund.state = 'refunded';
    refund.order.life.tell('refunded');
  }

  // S20: everybody who is ready, by number, while there are seats; a voided ticket's seat stays empty.
  tickets(plan) {
    const ready = this.lives.filter((life) => life.plan === plan && life.state === 'approved' && life.staysPaid && life.papers.accepted)
      .sort((one, other) => (one.number < other.number ? -1 : 1));
    const seated = ready.slice(0, plan.seats - this.lives.filter((life) => life.plan === plan && life.ticket).length);
    return Object.assign(verdict([], () => {
      for (const life of seated) {
        life.ticket = true;
        life.move('ticketed');
        life.tell('ticket');
      }
    }), { seated, waiting: ready.length - seated.length });
  }

  // What was kept by a consent goes with it, but for what somebody was handed.
  consent(account, kind, granted) {
    return verdict([], () => {
      account.consents[granted ? 'add' : 'delete'](kind);
      const lives = this.lives.filter((life) => life.account === account && !granted &&
        !life.approved && (['draft', 'withdrawn'].includes(life.state) || (life.state === 'expired' && life.revision === 0)));
      for (const life of lives) for (const [material, each] of Object.entries(consentFor)) if (each === kind) life.forget(`material:${material}`);
    });
  }

  // What was approved or paid for is an archive; all else that says something of the person goes.
  erase(account) {
    const lives = this.lives.filter((life) => life.account === account && life.personal);
    const kept = lives.filter((life) => life.archived);
    const erased = lives.filter((life) => !life.archived);
    return Object.assign(verdict([
      !account.wantsErasure && !(account.closed && kept.length) && '409 erasure.not_asked',
      account.closed && kept.length && !erased.length && '409 erasure.kept',
      lives.some(({ state }) => ['reviewing', 'rejected', 'approved'].includes(state)) && '409 erasure.live',
      lives.some((life) => life.state === 'ticketed' && this.now < life.plan.examEnd) && '409 erasure.sitting',
    ], () => {
      Object.assign(account, { closed: true, wantsErasure: false });
      for (const life of erased) life.erase();
    }), { erased: erased.length, kept: kept.length, keptUntil: kept.map(({ plan }) => archiveEnd(plan)).sort().at(-1) });
  }

  pass(now) {
    this.now = now;
    for (const life of this.lives) {
      life.lease = null; // shorter than any step of the clock
      if (!life.gone) life.pass();
    }
  }

  get moments() {
    const { lives, plans } = this;
    return [...plans.flatMap((plan) => [plan.applyUntil, plan.payUntil, plan.papersUntil, plan.examEnd]), ...lives.flatMap((life) => life.moments)];
  }
}
