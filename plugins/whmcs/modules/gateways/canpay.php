<?php
/** CanPay for WHMCS: the payment gateway module. درگاه پرداخت اینترنتی کن‌پی برای WHMCS */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly.');
}

require_once __DIR__ . '/canpay/canpay.php';

function canpay_MetaData()
{
    return ['DisplayName' => 'CanPay', 'APIVersion' => '1.1'];
}

function canpay_config()
{
    return [
        'FriendlyName' => ['Type' => 'System', 'Value' => 'CanPay (کن‌پی)'],
        'merchant' => ['FriendlyName' => 'کد پذیرندگی', 'Type' => 'text', 'Size' => '20'],
        'apiKey' => ['FriendlyName' => 'کلید API (اختیاری)', 'Type' => 'password', 'Size' => '60'],
        'gatewayUrl' => ['FriendlyName' => 'نشانی درگاه', 'Type' => 'text', 'Size' => '40', 'Default' => 'https://canpay.ir'],
    ];
}

/** The button on an invoice. What it says is signed: the payment begins only when it is pressed, on another page. */
function canpay_link($params)
{
    $rials = CanPay::rials($params['amount'], $params['currency']);
    if ($rials === null) {
        return '<p>واحد پول یا مبلغ این صورت‌حساب برای پرداخت ریالی مناسب نیست.</p>';
    }
    $fields = [
        'invoiceid' => (string) $params['invoiceid'],
        'rials' => (string) $rials,
        'credit' => (string) ($params['basecurrencyamount'] ?? $params['amount']), // in the invoice's own currency
    ];
    $fields['signature'] = CanPay::sign($fields);
    $form = '<form method="post" action="' . htmlspecialchars($params['systemurl'] . 'modules/gateways/canpay/begin.php') . '">';
    foreach ($fields as $name => $value) {
        $form .= '<input type="hidden" name="' . $name . '" value="' . htmlspecialchars($value) . '">';
    }
    return $form . '<button type="submit">' . htmlspecialchars($params['langpaynow']) . '</button></form>';
}

/** "Refund" on an invoice's transaction. */
function canpay_refund($params)
{
    $rials = CanPay::rials($params['amount'], $params['currency']);
    $payment = CanPay::find('reference', $params['transid']);
    if ($rials === null || $payment === null) {
        return ['status' => 'error', 'rawdata' => 'There is no such payment, or the amount is not whole rials.'];
    }
    // The number goes on only after an answer: who repeats because nobody answered asks for the same refund again.
    $refund = "whmcs-{$payment->number}-" . ($payment->refunds + 1);
    $answer = CanPay::ask($params, 'refund', [
        'token' => $payment->token, 'amount' => $rials, 'refund_id' => $refund, 'reason' => 'customer_request',
    ]);
    if ($answer === null || (!$answer['status'] && ($answer['code'] ?? 0) >= 900)) {
        return ['status' => 'error', 'rawdata' => 'No answer; it may have been taken. Refund the same amount again: it happens once.'];
    }
    if (!$answer['status']) {
        return ['status' => 'declined', 'rawdata' => $answer];
    }
    CanPay::refunded($payment->token);
    return ['status' => $answer['data']['status'] === 'failed' ? 'declined' : 'success', 'rawdata' => $answer, 'transid' => $refund];
}
