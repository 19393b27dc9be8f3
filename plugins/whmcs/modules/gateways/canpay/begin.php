<?php
/** The payer pressed the button on an invoice: a payment begins, and the payer goes to its page. */

require_once __DIR__ . '/../../../init.php';
require_once __DIR__ . '/canpay.php';
App::load_function('gateway');

$settings = getGatewayVariables('canpay');
if (!$settings['type']) {
    die('Module Not Activated');
}
$fields = [];
foreach (['invoiceid', 'rials', 'credit', 'signature'] as $name) {
    $fields[$name] = is_string($_POST[$name] ?? null) ? $_POST[$name] : '';
}
if (!hash_equals(CanPay::sign($fields), $fields['signature'])) {
    http_response_code(400);
    die('This invoice cannot be paid from here.');
}
$number = CanPay::keep((int) $fields['invoiceid'], (int) $fields['rials'], $fields['credit']);
$answer = CanPay::ask($settings, 'token', [
    'amount' => (int) $fields['rials'],
    'callback_url' => $settings['systemurl'] . 'modules/gateways/callback/canpay.php',
    'invoice_id' => $number,
]);
if (($answer['status'] ?? false) !== true) {
    http_response_code(502);
    header('Content-Type: text/html; charset=utf-8');
    die($answer === null ? 'درگاه پرداخت پاسخ نداد. کمی بعد دوباره تلاش کنید.'
        : htmlspecialchars(sprintf('%s %s: %s %s', $answer['code'] ?? '', $answer['error'] ?? '', $answer['message'] ?? '', $answer['description'] ?? '')));
}
CanPay::keepToken($number, $answer['data']['token']);
header('Location: ' . $answer['data']['url'], true, 303);
