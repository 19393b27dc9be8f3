<?php
// What WordPress does around the plugin, for tests: a page with a button, the callback's address, an order's page.
require __DIR__ . '/stand-ins/wordpress.php';
require __DIR__ . '/../../../plugins/woocommerce/canpay-for-woocommerce/canpay-for-woocommerce.php';
do_action('plugins_loaded');
$gateway = new WC_Gateway_CanPay();

if (PHP_SAPI === 'cli') {
    if (($argv[1] ?? '') === 'rials') {
        echo json_encode(WC_Gateway_CanPay::rials($argv[2], $argv[3]));
        exit;
    }
    foreach (file(STORE . '/events', FILE_IGNORE_NEW_LINES) as $event) { // wp-cron
        do_action(...explode(' ', $event));
    }
    foreach (glob(STORE . '/order.*') as $file) {
        $order = wc_get_order(substr(basename($file), 6));
        echo $order->get_id(), ' ', $order->data['status'] === 'processing' ? 'paid' : $order->data['status'], "\n";
    }
    exit;
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/') {
    echo '<form method="post" action="/pay"><button>Place order</button></form>';
} elseif ($path === '/pay') {
    $order = WC_Order::create(getenv('SHOP_TOTAL') ?: '15000', getenv('SHOP_CURRENCY') ?: 'IRT');
    $result = $gateway->process_payment($order->get_id());
    if ($result['result'] === 'success') {
        header("Location: {$result['redirect']}", true, 303);
    } else {
        echo implode(' ', $notices);
    }
} elseif ($path === '/callback') {
    do_action('woocommerce_api_canpay');
} elseif (str_starts_with($path, '/orders/')) {
    // A shop's order is named by its number; the tests ask by the invoice that the gateway knows.
    $order = wc_get_order((int) substr($path, 8));
    if ($order->data['status'] === 'pending') {
        $gateway->settle_order($order->get_id());
        $order = wc_get_order($order->get_id());
    }
    echo '<p data-status="', $order->data['status'] === 'processing' ? 'paid' : $order->data['status'], '"></p>';
} elseif (str_starts_with($path, '/refund/')) {
    $result = $gateway->process_refund((int) substr($path, 8), $_POST['amount'], '');
    echo is_wp_error($result) ? 'error: ' . esc_html($result->message) : 'refunded';
}
