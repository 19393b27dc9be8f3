<?php
// What WHMCS does around the module, for tests: an invoice's page with the module's button, the module's own pages, the cron job.
$root = getenv('SHOP_DATA') . '/whmcs';
$settled = fn ($invoice) => preg_match("/^$invoice /m", @file_get_contents(getenv('SHOP_DATA') . '/delivered.log') ?: '') ? 'paid' : 'pending';

if (PHP_SAPI === 'cli') {
    require $root . '/init.php';
    if (($argv[1] ?? '') === 'rials') {
        require $root . '/modules/gateways/canpay/canpay.php';
        echo json_encode(CanPay::rials($argv[2], $argv[3]));
        exit;
    }
    require $root . '/includes/hooks/canpay.php';
    $hooks['AfterCronJob'][0]();
    foreach (WHMCS\Database\Capsule::connection()->select('SELECT * FROM mod_canpay', []) as $payment) {
        echo $payment->invoice, ' ', $settled($payment->invoice), "\n";
    }
    exit;
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/callback') { // where the payer's browser lands is the module's to say; the tests know it by this name
    $path = '/modules/gateways/callback/canpay.php';
}
if ($path === '/' || str_starts_with($path, '/refund/')) {
    require $root . '/init.php';
    require $root . '/modules/gateways/canpay.php';
    if ($path === '/') {
        echo canpay_link([
            'invoiceid' => random_int(1000, 999999999), 'amount' => getenv('SHOP_TOTAL') ?: '15000.00', 'currency' => getenv('SHOP_CURRENCY') ?: 'IRT',
            'systemurl' => '/', 'langpaynow' => 'Pay now',
        ]);
    } else {
        $reference = preg_match('/^' . substr($path, 8) . ' ([0-9]{12})/m', file_get_contents(getenv('SHOP_DATA') . '/delivered.log'), $found) ? $found[1] : '';
        $result = canpay_refund(getGatewayVariables('canpay') + ['amount' => $_POST['amount'], 'currency' => 'IRT', 'transid' => $reference]);
        echo $result['status'] === 'success' ? 'refunded' : 'error: ' . htmlspecialchars(json_encode($result['rawdata']));
    }
} elseif (str_starts_with($path, '/orders/')) {
    echo '<p data-status="', $settled((int) substr($path, 8)), '"></p>';
} elseif (is_file($root . $path)) {
    require $root . $path;
}
