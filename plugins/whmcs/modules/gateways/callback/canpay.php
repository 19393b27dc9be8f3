<?php
/** The payer's browser, by POST or GET. What it brings is a hint that anybody can send: it is compared, then the gateway is asked. */

require_once __DIR__ . '/../../../init.php';
require_once __DIR__ . '/../canpay/canpay.php';
App::load_function('gateway');
App::load_function('invoice');

$settings = getGatewayVariables('canpay');
if (!$settings['type']) {
    die('Module Not Activated');
}
$field = function (string $name): string {
    $value = $_POST[$name] ?? $_GET[$name] ?? '';
    return is_string($value) ? $value : '';
};
$payment = CanPay::find('number', $field('invoice_id'));
if ($payment === null || $payment->token === null || !hash_equals($payment->token, $field('token')) || $field('amount') !== (string) $payment->rials) {
    http_response_code(400);
    header('Content-Type: text/html; charset=utf-8');
    die('پرداختی با این مشخصات پیدا نشد. اگر مبلغی کسر شده باشد، خودکار به کارت برمی‌گردد.');
}
$status = CanPay::settle($settings, $payment); // also after success=0: only the gateway knows
header("Location: {$settings['systemurl']}viewinvoice.php?id={$payment->invoice}&" . ($status === 'paid' ? 'paymentsuccess=true' : 'paymentfailed=true'), true, 303);
