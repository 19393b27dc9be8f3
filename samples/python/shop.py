#!/usr/bin/env python3
"""یک فروشگاه کوچک و کامل برای درگاه CanPay، فقط با کتابخانهٔ استاندارد پایتون.

A whole small shop: order, token, payer's page, callback, verify, deliver once.

    PORT=5092 python3 shop.py     the shop
    python3 shop.py settle        from cron, each minute: payers who never came back
"""
import hmac
import html
import http.client
import json
import os
import re
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GATEWAY = os.environ.get("CANPAY_URL", "http://127.0.0.1:5080").rstrip("/")
MERCHANT = os.environ.get("CANPAY_MERCHANT", "111-222-333-444")
PORT = int(os.environ.get("PORT", "5092"))
SHOP = os.environ.get("SHOP_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
DATA = os.environ.get("SHOP_DATA", os.path.join(os.path.dirname(os.path.abspath(__file__)), "data"))
PRICE = 150_000  # whole rials, not toman


# ---- the gateway -----------------------------------------------------------------------------------------------------

def ask(operation, body):
    """Repeating is safe for token and verify. None: no usable answer, nobody knows what became of it."""
    answer = None
    for attempt in range(3):
        time.sleep(attempt * 0.3)
        request = urllib.request.Request(
            f"{GATEWAY}/api/ipg/{operation}",
            json.dumps({"merchant": MERCHANT, **body}).encode(),
            {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=15) as response:
                status, text = response.status, response.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        except (OSError, http.client.HTTPException):
            continue  # no connection, no answer in time, half an answer
        try:
            read = json.loads(text)
        except ValueError:
            continue
        if isinstance(read, dict) and isinstance(read.get("status"), bool):
            answer = read
            if status < 500 and status != 429:
                break
    return answer


# ---- orders: one file each, and one more when it is paid ---------------------------------------------------------------

def save(order):
    file = os.path.join(DATA, "orders", order["invoice_id"])
    draft = f"{file}.{secrets.token_hex(4)}"
    with open(draft, "w", encoding="utf-8") as out:
        json.dump(order, out)
    os.replace(draft, file)  # whoever reads sees the old or the new one, never a half


def read(folder, invoice):
    """The number comes from outside: it must not become another file's name."""
    if not re.fullmatch("[0-9a-f]{24}", invoice):
        return None
    try:
        with open(os.path.join(DATA, folder, invoice), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def mark_paid(order, data):
    """True for exactly one caller, however many come at once: a link to a name that exists fails. In SQL: a unique insert."""
    draft = os.path.join(DATA, f"draft.{secrets.token_hex(8)}")
    with open(draft, "w", encoding="utf-8") as out:
        json.dump(data, out)
    try:
        os.link(draft, os.path.join(DATA, "paid", order["invoice_id"]))
        return True
    except FileExistsError:
        return False
    finally:
        os.unlink(draft)


def deliver(order, reference):
    with open(os.path.join(DATA, "delivered.log"), "a", encoding="utf-8") as log:
        log.write(f"{order['invoice_id']} {reference}\n")


def settle(order):
    """Asks the gateway what became of an order. May be called at any time, any number of times."""
    if read("paid", order["invoice_id"]):
        return "paid"
    if order["status"] in ("cancelled", "failed") or order["token"] is None:
        return order["status"]
    # With the amount: should the payment be of another one, nothing is verified.
    answer = ask("verify", {"token": order["token"], "amount": order["amount"]})
    if answer and answer["status"]:
        data = answer["data"]
        if data.get("invoice_id") != order["invoice_id"] or data.get("amount") != order["amount"]:
            return "unknown"
        if mark_paid(order, data):
            deliver(order, data["reference"])
        return "paid"
    error = answer.get("error") if answer else None
    if error == "payment_not_paid":
        return "open"
    if error == "payment_cancelled":
        order["status"] = "cancelled"
    elif error in ("payment_failed", "payment_expired", "payment_returned"):
        order["status"] = "failed"
    else:
        return "unknown"  # no answer, or one that says nothing of the payment: ask again later, deliver nothing
    save(order)
    return order["status"]


# ---- pages -------------------------------------------------------------------------------------------------------------

WORDS = {
    "paid": "پرداخت شد", "cancelled": "پرداخت لغو شد", "failed": "پرداخت انجام نشد", "open": "در انتظار پرداخت",
    "unknown": "نتیجه هنوز روشن نیست؛ دوباره می‌پرسیم",
}


def e(value):
    return html.escape(str(value))


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/":
            self.page(200, "فروشگاه نمونه", f"<p>چای لاهیجان، {PRICE:,} ریال</p>"
                      '<form method="post" action="/pay"><button>پرداخت</button></form>')
        elif path == "/callback":
            self.callback(query)
        elif path.startswith("/orders/"):
            self.show(path[8:])
        else:
            self.page(404, "صفحه پیدا نشد", "")

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, 16_384)).decode("utf-8", "replace")
        if self.path == "/pay":
            self.pay()
        elif self.path == "/callback":
            self.callback(body)
        else:
            self.page(404, "صفحه پیدا نشد", "")

    def pay(self):
        order = {"invoice_id": secrets.token_hex(12), "amount": PRICE, "token": None, "status": "open"}
        save(order)  # before anybody else hears of it
        answer = ask("token", {
            "amount": order["amount"], "callback_url": f"{SHOP}/callback", "invoice_id": order["invoice_id"]})
        if answer is None:
            self.page(502, "پرداخت شروع نشد", "<p>درگاه پرداخت پاسخ نداد. کمی بعد دوباره تلاش کنید.</p>")
        elif not answer["status"]:
            self.page(502, "پرداخت شروع نشد", f'<p>{e(answer.get("code"))} {e(answer.get("error"))}</p>'
                      f'<p>{e(answer.get("message"))} {e(answer.get("description"))}</p>')
        else:
            order["token"] = answer["data"]["token"]
            save(order)
            self.redirect(answer["data"]["url"])

    def callback(self, form):
        """What the browser brings is a hint that anybody can send. It is compared, then the gateway is asked."""
        fields = dict(urllib.parse.parse_qsl(form))
        order = read("orders", fields.get("invoice_id", ""))
        if (order is None or order["token"] is None
                or not hmac.compare_digest(order["token"].encode(), fields.get("token", "").encode())
                or fields.get("amount") != str(order["amount"])):
            self.page(400, "سفارشی با این مشخصات پیدا نشد", "<p>اگر مبلغی کسر شده باشد، خودکار به کارت شما برمی‌گردد.</p>")
            return
        settle(order)  # also after success=0: only the gateway knows whether the payer cancelled
        self.redirect(f"/orders/{order['invoice_id']}")

    def show(self, invoice):
        """An order that is not decided asks again each time that it is looked at."""
        order = read("orders", invoice)
        if order is None:
            self.page(404, "سفارش پیدا نشد", "")
            return
        status = settle(order)
        body = f'<p data-status="{status}">سفارش {e(invoice)}، {order["amount"]:,} ریال</p>'
        if status == "paid":
            body += f'<p>شماره پیگیری: {e(read("paid", invoice)["reference"])}</p>'
        if status in ("open", "unknown"):
            body += '<meta http-equiv="refresh" content="5">'
        self.page(200, WORDS[status], body + '<p><a href="/">بازگشت به فروشگاه</a></p>')

    def page(self, status, title, body):
        text = (f'<!doctype html><html lang="fa" dir="rtl"><meta charset="utf-8"><title>{e(title)}</title>'
                f"<h1>{e(title)}</h1>{body}</html>").encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text)

    def redirect(self, url):
        self.send_response(303)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format, *args):
        pass  # addresses of orders are secrets


if __name__ == "__main__":
    os.makedirs(os.path.join(DATA, "orders"), mode=0o700, exist_ok=True)
    os.makedirs(os.path.join(DATA, "paid"), mode=0o700, exist_ok=True)
    if sys.argv[1:] == ["settle"]:
        for name in os.listdir(os.path.join(DATA, "orders")):
            if (found := read("orders", name)) is not None:
                print(name, settle(found))
    else:
        ThreadingHTTPServer.request_queue_size = 128  # 5 are too few when callbacks come at once
        ThreadingHTTPServer(("127.0.0.1", PORT), Shop).serve_forever()
