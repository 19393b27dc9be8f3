/*
 * یک فروشگاه کوچک و کامل برای درگاه CanPay، بدون هیچ بستهٔ npm.
 *
 * A whole small shop: order, token, payer's page, callback, verify, deliver once. Node 18 or newer.
 *
 *   PORT=5093 node shop.mjs     the shop
 *   node shop.mjs settle        from cron, each minute: payers who never came back
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const { env } = process;
const PORT = Number(env.PORT ?? 5093);
const GATEWAY = (env.CANPAY_URL ?? 'http://127.0.0.1:5080').replace(/\/+$/, '');
const MERCHANT = env.CANPAY_MERCHANT ?? '111-222-333-444';
const SHOP = (env.SHOP_URL ?? `http://127.0.0.1:${PORT}`).replace(/\/+$/, '');
const DATA = env.SHOP_DATA ?? path.join(import.meta.dirname ?? '.', 'data');
const PRICE = 150_000; // whole rials, not toman

for (const folder of ['orders', 'paid']) fs.mkdirSync(path.join(DATA, folder), { recursive: true, mode: 0o700 });

// ---- the gateway ----------------------------------------------------------------------------------------------------

/** Repeating is safe for token and verify. Undefined: no usable answer, nobody knows what became of it. */
async function ask(operation, body) {
  let answer;
  for (let attempt = 0; attempt < 3; attempt++) {
    await wait(attempt * 300);
    try {
      const response = await fetch(`${GATEWAY}/api/ipg/${operation}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ merchant: MERCHANT, ...body }),
        signal: AbortSignal.timeout(15_000),
      });
      const read = await response.json();
      if (typeof read?.status === 'boolean') {
        answer = read;
        if (response.status < 500 && response.status !== 429) break;
      }
    } catch {
      // no connection, no answer in time, or no JSON: once more
    }
  }
  return answer;
}

// ---- orders: one file each, and one more when it is paid --------------------------------------------------------------

const draft = () => path.join(DATA, `draft.${randomBytes(8).toString('hex')}`);

function save(order) {
  const file = draft();
  fs.writeFileSync(file, JSON.stringify(order));
  fs.renameSync(file, path.join(DATA, 'orders', order.invoice_id)); // whoever reads sees the old or the new one, never a half
}

/** The number comes from outside: it must not become another file's name. */
function read(folder, invoice) {
  const file = path.join(DATA, folder, invoice);
  return /^[0-9a-f]{24}$/.test(invoice) && fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}

/** True for exactly one caller, however many come at once: a link to a name that exists fails. In SQL: a unique insert. */
function markPaid(order, data) {
  const file = draft();
  fs.writeFileSync(file, JSON.stringify(data));
  try {
    fs.linkSync(file, path.join(DATA, 'paid', order.invoice_id));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.unlinkSync(file);
  }
}

function deliver(order, reference) {
  fs.appendFileSync(path.join(DATA, 'delivered.log'), `${order.invoice_id} ${reference}\n`);
}

/** Asks the gateway what became of an order. May be called at any time, any number of times. */
async function settle(order) {
  if (read('paid', order.invoice_id)) return 'paid';
  if (order.status !== 'open' || order.token === null) return order.status;
  // With the amount: should the payment be of another one, nothing is verified.
  const answer = await ask('verify', { token: order.token, amount: order.amount });
  if (answer?.status === true) {
    const { data } = answer;
    if (data.invoice_id !== order.invoice_id || data.amount !== order.amount) return 'unknown';
    if (markPaid(order, data)) deliver(order, data.reference);
    return 'paid';
  }
  switch (answer?.error) {
    case 'payment_not_paid':
      return 'open';
    case 'payment_cancelled':
      order.status = 'cancelled';
      break;
    case 'payment_failed':
    case 'payment_expired':
    case 'payment_returned':
      order.status = 'failed';
      break;
    default:
      return 'unknown'; // no answer, or one that says nothing of the payment: ask again later, deliver nothing
  }
  save(order);
  return order.status;
}

// ---- pages ------------------------------------------------------------------------------------------------------------

const WORDS = {
  paid: 'پرداخت شد', cancelled: 'پرداخت لغو شد', failed: 'پرداخت انجام نشد', open: 'در انتظار پرداخت',
  unknown: 'نتیجه هنوز روشن نیست؛ دوباره می‌پرسیم',
};

const e = text => String(text ?? '').replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);

function page(response, status, title, body) {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><html lang="fa" dir="rtl"><meta charset="utf-8"><title>${e(title)}</title><h1>${e(title)}</h1>${body}</html>`);
}

const redirect = (response, url) => response.writeHead(303, { Location: url }).end();

async function pay(response) {
  const order = { invoice_id: randomBytes(12).toString('hex'), amount: PRICE, token: null, status: 'open' };
  save(order); // before anybody else hears of it
  const answer = await ask('token', { amount: order.amount, callback_url: `${SHOP}/callback`, invoice_id: order.invoice_id });
  if (!answer) return page(response, 502, 'پرداخت شروع نشد', '<p>درگاه پرداخت پاسخ نداد. کمی بعد دوباره تلاش کنید.</p>');
  if (!answer.status) {
    return page(response, 502, 'پرداخت شروع نشد',
      `<p>${e(answer.code)} ${e(answer.error)}</p><p>${e(answer.message)} ${e(answer.description)}</p>`);
  }
  order.token = answer.data.token;
  save(order);
  redirect(response, answer.data.url);
}

function same(text, other) {
  const [a, b] = [Buffer.from(text), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What the browser brings is a hint that anybody can send. It is compared, then the gateway is asked. */
async function callback(response, fields) {
  const order = read('orders', fields.get('invoice_id') ?? '');
  if (!order?.token || !same(order.token, fields.get('token') ?? '') || fields.get('amount') !== String(order.amount)) {
    return page(response, 400, 'سفارشی با این مشخصات پیدا نشد', '<p>اگر مبلغی کسر شده باشد، خودکار به کارت شما برمی‌گردد.</p>');
  }
  await settle(order); // also after success=0: only the gateway knows whether the payer cancelled
  redirect(response, `/orders/${order.invoice_id}`);
}

/** An order that is not decided asks again each time that it is looked at. */
async function show(response, invoice) {
  const order = read('orders', invoice);
  if (!order) return page(response, 404, 'سفارش پیدا نشد', '');
  const status = await settle(order);
  page(response, 200, WORDS[status],
    `<p data-status="${status}">سفارش ${e(invoice)}، ${order.amount.toLocaleString('en')} ریال</p>`
    + (status === 'paid' ? `<p>شماره پیگیری: ${e(read('paid', invoice).reference)}</p>` : '')
    + (status === 'open' || status === 'unknown' ? '<meta http-equiv="refresh" content="5">' : '')
    + '<p><a href="/">بازگشت به فروشگاه</a></p>');
}

async function form(request) {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) {
    if ((text += piece).length > 16_384) break;
  }
  return new URLSearchParams(text);
}

async function serve(request, response) {
  const url = new URL(request.url, SHOP);
  const isPost = request.method === 'POST';
  if (url.pathname === '/') {
    return page(response, 200, 'فروشگاه نمونه', `<p>چای لاهیجان، ${PRICE.toLocaleString('en')} ریال</p>`
      + '<form method="post" action="/pay"><button>پرداخت</button></form>');
  }
  if (url.pathname === '/pay' && isPost) return pay(response);
  if (url.pathname === '/callback') return callback(response, isPost ? await form(request) : url.searchParams);
  if (url.pathname.startsWith('/orders/')) return show(response, url.pathname.slice(8));
  page(response, 404, 'صفحه پیدا نشد', '');
}

if (process.argv[2] === 'settle') {
  for (const name of fs.readdirSync(path.join(DATA, 'orders'))) {
    const order = read('orders', name);
    if (order) console.log(name, await settle(order));
  }
} else {
  http.createServer((request, response) => serve(request, response).catch(error => {
    console.error(error);
    if (!response.headersSent) page(response, 500, 'خطا', '');
  })).listen(PORT, '127.0.0.1');
}
