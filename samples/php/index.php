<?php
/*
 * یک فروشگاه کوچک و کامل برای درگاه CanPay، با PHP خالص.
 *
 * A whole small shop: order, token, payer's page, callback, verify, deliver once.
 *
 *   PORT=5091 php -S 127.0.0.1:5091 index.php     the shop
 *   php index.php settle                          from cron, each minute: payers who never came back
 */
declare(strict_types=1);

function setting(string $name, string $default): string
{
    return getenv($name) ?: $default;
}

define('GATEWAY', rtrim(setting('CANPAY_URL', 'http://127.0.0.1:5080'), '/'));
define('MERCHANT', setting('CANPAY_MERCHANT', '111-222-333-444'));
define('SHOP', rtrim(setting('SHOP_URL', 'http://127.0.0.1:' . setting('PORT', '5091')), '/'));
define('DATA', setting('SHOP_DATA', __DIR__ . '/data')); // behind a real web server: a folder that it does not serve
const PRICE = 150_000; // whole rials, not toman

@mkdir(DATA . '/orders', 0700, true);
@mkdir(DATA . '/paid', 0700, true);

// ---- the gateway ----------------------------------------------------------------------------------------------------

/** Asks the gateway. Repeating is safe for token and verify. Null: no usable answer, nobody knows what became of it. */
function ask(string $operation, array $body): ?array
{
    $answer = null;
    for ($attempt = 0; $attempt < 3; $attempt++) {
        usleep($attempt * 300_000);
        $curl = curl_init(GATEWAY . '/api/ipg/' . $operation);
        curl_setopt_array($curl, [
            CURLOPT_POSTFIELDS => json_encode(['merchant' => MERCHANT] + $body),
            CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CONNECTTIMEOUT => 5,
            CURLOPT_TIMEOUT => 15,
        ]);
        $text = curl_exec($curl);
        $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        $read = is_string($text) ? json_decode($text, true) : null;
        $answer = is_array($read) && is_bool($read['status'] ?? null) ? $read : $answer;
        if ($answer !== null && $status < 500 && $status !== 429) {
            break;
        }
    }
    return $answer;
}

// ---- orders: one file each, and one more when it is paid --------------------------------------------------------------

function save(array $order): void
{
    $file = DATA . "/orders/{$order['invoice_id']}";
    $draft = $file . '.' . bin2hex(random_bytes(4));
    file_put_contents($draft, json_encode($order));
    rename($draft, $file); // whoever reads sees the old or the new one, never a half
}

/** The number comes from outside: it must not become another file's name. */
function find(string $invoice): ?array
{
    $file = DATA . "/orders/$invoice";
    return preg_match('/^[0-9a-f]{24}$/D', $invoice) && is_file($file) ? json_decode(file_get_contents($file), true) : null;
}

function paid(array $order): ?array
{
    $file = DATA . "/paid/{$order['invoice_id']}";
    return is_file($file) ? json_decode(file_get_contents($file), true) : null;
}

/** True for exactly one caller, however many come at once: a link to a name that exists fails. In SQL: a unique insert. */
function mark_paid(array $order, array $data): bool
{
    $draft = DATA . '/draft.' . bin2hex(random_bytes(8));
    file_put_contents($draft, json_encode($data));
    $first = @link($draft, DATA . "/paid/{$order['invoice_id']}");
    unlink($draft);
    return $first;
}

function deliver(array $order, string $reference): void
{
    file_put_contents(DATA . '/delivered.log', "{$order['invoice_id']} $reference\n", FILE_APPEND | LOCK_EX);
}

/** Asks the gateway what became of an order. May be called at any time, any number of times. */
function settle(array $order): string
{
    if (paid($order)) {
        return 'paid';
    }
    if (in_array($order['status'], ['cancelled', 'failed'], true) || $order['token'] === null) {
        return $order['status'];
    }
    // With the amount: should the payment be of another one, nothing is verified.
    $answer = ask('verify', ['token' => $order['token'], 'amount' => $order['amount']]);
    if (($answer['status'] ?? false) === true) {
        $data = $answer['data'] ?? [];
        if (($data['invoice_id'] ?? null) !== $order['invoice_id'] || ($data['amount'] ?? null) !== $order['amount']) {
            return 'unknown';
        }
        if (mark_paid($order, $data)) {
            deliver($order, $data['reference']);
        }
        return 'paid';
    }
    switch ($answer['error'] ?? '') {
        case 'payment_cancelled':
            $order['status'] = 'cancelled';
            break;
        case 'payment_failed':
        case 'payment_expired':
        case 'payment_returned':
            $order['status'] = 'failed';
            break;
        case 'payment_not_paid':
            return 'open';
        default:
            return 'unknown'; // no answer, or one that says nothing of the payment: ask again later, deliver nothing
    }
    save($order);
    return $order['status'];
}

// ---- pages ------------------------------------------------------------------------------------------------------------

function e(mixed $text): string
{
    return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

function page(int $status, string $title, string $body): void
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    echo "<!doctype html><html lang=\"fa\" dir=\"rtl\"><meta charset=\"utf-8\"><title>", e($title), "</title><h1>", e($title), "</h1>$body</html>";
}

function redirect(string $url): void
{
    header('Location: ' . $url, true, 303);
}

/** POST /pay */
function pay(): void
{
    $order = ['invoice_id' => bin2hex(random_bytes(12)), 'amount' => PRICE, 'token' => null, 'status' => 'open'];
    save($order); // before anybody else hears of it
    $answer = ask('token', [
        'amount' => $order['amount'], 'callback_url' => SHOP . '/callback', 'invoice_id' => $order['invoice_id'],
    ]);
    if (($answer['status'] ?? false) !== true) {
        page(502, 'پرداخت شروع نشد', $answer === null ? '<p>درگاه پرداخت پاسخ نداد. کمی بعد دوباره تلاش کنید.</p>'
            : '<p data-error="' . e($answer['error'] ?? '') . '">' . e($answer['code'] ?? '') . ' ' . e($answer['error'] ?? '') . '</p><p>'
                . e($answer['message'] ?? '') . ' ' . e($answer['description'] ?? '') . '</p>');
        return;
    }
    $order['token'] = $answer['data']['token'];
    save($order);
    redirect($answer['data']['url']);
}

/** POST or GET /callback: what the browser brings is a hint that anybody can send. It is compared, then the gateway is asked. */
function callback(array $fields): void
{
    $text = fn (string $name): string => is_string($fields[$name] ?? null) ? $fields[$name] : '';
    $order = find($text('invoice_id'));
    if ($order === null || $order['token'] === null || !hash_equals($order['token'], $text('token'))
        || $text('amount') !== (string) $order['amount']) {
        page(400, 'سفارشی با این مشخصات پیدا نشد', '<p>اگر مبلغی کسر شده باشد، خودکار به کارت شما برمی‌گردد.</p>');
        return;
    }
    settle($order); // also after success=0: only the gateway knows whether the payer cancelled
    redirect('/orders/' . $order['invoice_id']);
}

/** GET /orders/{invoice}: an order that is not decided asks again each time that it is looked at. */
function show(string $invoice): void
{
    $order = find($invoice);
    if ($order === null) {
        page(404, 'سفارش پیدا نشد', '');
        return;
    }
    $status = settle($order);
    $words = [
        'paid' => 'پرداخت شد', 'cancelled' => 'پرداخت لغو شد', 'failed' => 'پرداخت انجام نشد', 'open' => 'در انتظار پرداخت',
        'unknown' => 'نتیجه هنوز روشن نیست؛ دوباره می‌پرسیم',
    ];
    page(200, $words[$status], '<p data-status="' . $status . '">سفارش ' . e($invoice) . '، ' . e(number_format($order['amount'])) . ' ریال</p>'
        . ($status === 'paid' ? '<p>شماره پیگیری: ' . e(paid($order)['reference']) . '</p>' : '')
        . ($status === 'open' || $status === 'unknown' ? '<meta http-equiv="refresh" content="5">' : '')
        . '<p><a href="/">بازگشت به فروشگاه</a></p>');
}

// ---- who is calling ---------------------------------------------------------------------------------------------------

if (PHP_SAPI === 'cli') {
    foreach (glob(DATA . '/orders/*') as $file) {
        if (($order = find(basename($file))) !== null) {
            echo basename($file), ' ', settle($order), "\n";
        }
    }
    exit;
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$is_post = $_SERVER['REQUEST_METHOD'] === 'POST';
match (true) {
    $path === '/' => page(200, 'فروشگاه نمونه', '<p>چای لاهیجان، ' . number_format(PRICE) . ' ریال</p><form method="post" action="/pay"><button>پرداخت</button></form>'),
    $path === '/pay' && $is_post => pay(),
    $path === '/callback' => callback($is_post ? $_POST : $_GET),
    str_starts_with((string) $path, '/orders/') => show(substr($path, 8)),
    default => page(404, 'صفحه پیدا نشد', ''),
};
