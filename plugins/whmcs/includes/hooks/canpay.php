<?php
/** Payers who never come back: the cron job asks about their payments, before the money would go back to them. */

add_hook('AfterCronJob', 1, function () {
    require_once __DIR__ . '/../../modules/gateways/canpay/canpay.php';
    App::load_function('gateway');
    App::load_function('invoice');
    $settings = getGatewayVariables('canpay');
    if ($settings['type']) {
        foreach (CanPay::open() as $payment) {
            CanPay::settle($settings, $payment);
        }
    }
});
